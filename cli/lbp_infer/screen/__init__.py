"""What people see: pages, tables, numbers, messages."""
