"""The OCPP WebSocket server: handshake, connections, group commit, commands."""
