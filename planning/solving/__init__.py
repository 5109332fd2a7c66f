"""Where sites serve most: the models and their exact solvers, each with a bound (pure)."""
