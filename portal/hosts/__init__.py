"""The pages of hosts and boards: what happens at their sites, and nothing about anybody else."""
