"""Letters that go by mail: where each went, whether it arrived or came back."""
