"""Assessments of trainees: the final report (结业报告) and the scores of examined courses."""
