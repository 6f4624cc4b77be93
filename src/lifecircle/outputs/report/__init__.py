"""report.docx: the chapter a planner pastes into the plan."""
