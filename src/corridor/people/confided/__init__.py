"""What is said by one person alone: consent to each use, quiet wishes about a seat, who cares for
a child. It is told in no timeline and no list; neither the head of a household nor a marshal can
see that it was asked.
"""
