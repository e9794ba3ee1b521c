"""The timetable and roadmap (时间表、路线图): as a page, a workbook and a calendar file."""
