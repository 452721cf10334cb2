"""What the menus and the keys do, each declared where it is done."""
