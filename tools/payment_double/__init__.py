"""A double of Stripe for tests and demonstrations: its own process, reached by base URL alone.

It keeps state in memory, moves no money, and refuses any request that the types of the ``stripe``
package do not allow. docs/payments.md says what it does and what it cannot stand in for.
"""
