"""The six ready-made sequences, one room each: their graphs and the texts that go out.

The graphs are those of the requirements (1.4); ids are kept, so that the two can be compared.
"""
