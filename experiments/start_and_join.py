"""x"""
from lab import Case, Experiment, bars
def measure(case: Case) -> dict:
    return {"makespan_s": 0.1}
experiment = Experiment(question="?", measure=measure, grid={"model": ["threads", "processes", "asyncio"]}, figures=[bars("makespan_s")])
