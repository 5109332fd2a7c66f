"""Pages, files and addresses of vehicles: who has which, what it charged, with which cards."""
