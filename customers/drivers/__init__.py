"""Drivers: the people who charge, with their vehicles."""
