"""The entry room (填报): the sheet's layout, the number grammar, the workbook way in and out, and the balance checks."""
