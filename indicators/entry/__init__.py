"""The entry room (填报): layout, number grammar, the workbook way in and out, checks, and the only writers."""
