"""`make run`: prepares everything, then keeps web, worker and beat running until Ctrl-C."""
