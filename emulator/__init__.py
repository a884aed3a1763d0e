"""A loopback AWS endpoint: moto, and the behaviour of AWS that this project depends on and moto lacks."""
