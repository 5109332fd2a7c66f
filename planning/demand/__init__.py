"""Demand: layers become energy at places, by assumptions that anybody can see and change."""
