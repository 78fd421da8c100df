"""Lists that go out: with a purpose, a second person, and sealed to a named recipient (design 6).

What goes out is as little as the reader's role may take along; what was confided never does.
"""
