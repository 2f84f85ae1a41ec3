"""The metric contract once more, in plain Python: what the warehouse's figures are held to.

Written from the contract and the recorded decisions alone, without a look at the models.
"""
