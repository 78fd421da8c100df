"""What people need: observed, assessed and closed; what nobody could assess on the spot waits to be
reviewed by a nurse or protection; the Washington Group short set, as worded.
"""
