"""The waiting list: who asks to leave, from where, and in which order they are called.

It promises that need and waiting time decide, by a published rule that explains itself, and that
nobody leaves the list silently.
"""
