"""What the calendar of messages asks for, computed a second time: slowly, row by row, from what happened.

It shares no rule with the program that it is held against: not the schedule, the audiences, nor the quiet hours. Each
row of the table of messages is one function, with its loops written out.
"""
