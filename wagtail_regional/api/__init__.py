"""The headless side: the contract (schemas), loading, representation, endpoints."""
