"""What `check` says of the inputs."""
