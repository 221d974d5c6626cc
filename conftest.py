"""What every test may ask for by name, whatever folder it lies in."""

pytest_plugins = ["tests.clone", "tests.postgres", "tests.demonstration"]
