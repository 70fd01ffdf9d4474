"""What people read: digest, text version, index; escaped everywhere."""
