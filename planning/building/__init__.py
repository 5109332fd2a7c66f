"""What is planned for a site, until its hardware comes."""
