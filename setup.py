from setuptools import find_packages, setup

setup(
	name="hospital_followup",
	packages=find_packages(include=["hospital_followup", "hospital_followup.*"]),
)
