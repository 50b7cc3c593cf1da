"""Numbers of this app, and the kinds they begin with."""

REQUEST = "S"  # a supporter's request
BENEFICIARY = "B"  # the case of the person who is to travel
AUTHORIZATION = "T"  # an authorization to travel
