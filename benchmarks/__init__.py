"""How fast Athar is, held against a program by hand that makes the same durable writes."""
