"""The command line: one module a command. Nothing heavy is imported until a command runs."""
