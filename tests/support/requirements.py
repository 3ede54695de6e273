"""What each clause of the notices (C01-C47) and each decision (Q1-Q17) asks of the platform, in our words."""

from collections.abc import Mapping


def _table(text: str) -> dict[str, str]:
    """Read lines of `id | sentence`."""
    cells = (line.partition("|") for line in text.strip().splitlines())
    return {code.strip(): asked.strip() for code, _, asked in cells}


CLAUSES: Mapping[str, str] = _table("""
C01 | Each cycle has a policy pack; every parameter cites its clause, and an active pack never changes.
C02 | 37 departments whose jurisdictions do not overlap; a department is known by its whole code.
C03 | Bureau, talent exchange centre, promotion centre, institutions; several roles of one body are flagged.
C04 | The legal basis of a cycle is listed in its pack.
C05 | Cycles hang on a parent programme.
C06 | A floor of persons, each counted once, from approved roster rows; never a cap.
C07 | The earlier cycle asks a share of manufacturing; the later one neither applies nor shows it.
C08 | A class lasts a year at most.
C09 | Leading managers are judged by a reviewer on evidence, with a reason.
C10 | Managers of start-up micro enterprises are a target group of their own; a trainee declares one group.
C11 | Teaching modes come in pairs that should both occur: reported, not demanded.
C12 | Curriculum tags name key fields and weak links.
C13 | Institutions are designated per cycle and class kinds, on assessment and open selection.
C14 | The institutions of the notice are reference data with their member bodies; the list is open.
C15 | The kinds of class are those of the pack.
C16 | Special topics belong to the talent exchange centre, with co-organisers of kinds that the pack names.
C17 | Notices, institutions, classes and dates can be read by everybody without signing in.
C18 | The earlier cycle has a coordination group and an office with dated holders; the later one has none.
C19 | Each department names an officer and a liaison by a day; late forms are taken and marked.
C20 | Teaching is managed per class, and the pack knows enterprise tiers.
C21 | Retraining rests on an earlier enrolment or certificate, adds no head and issues nothing anew.
C22 | Tour weeks exist in the earlier cycle only.
C23 | Classes and activities have facets: layer, category, length, channel.
C24 | Notices and class news are published for a website and a WeChat account to take over.
C25 | Whoever tracks reads everything, from nomination to certificate.
C26 | Boot camps have rosters of their own and by default add no heads.
C27 | Teaching bases of model enterprises, whose visits are linked to sessions.
C28 | Enterprise tiers have priority: their share is reported, and nobody is refused for lack of one.
C29 | Departments file joint or commissioned classes, which the bureau coordinates.
C30 | Local fiscal support is recorded where it is given and never demanded.
C31 | The principles stand in the pack.
C32 | Each class has a training plan that its parties consent to and the owner of the plan agrees.
C33 | A fund ledger per class and incidents of discipline: entries are added and reversed, never edited.
C34 | Candidates come by an institution's selection or a department's recommendation; a person counts once.
C35 | A department recommends and sees the trainees of its jurisdiction wherever they are trained.
C36 | Rosters come by the end of selection; after it only under a recorded extension.
C37 | Rosters are reviewed row by row by whom the pack names, never by who submitted them.
C38 | An independent third party evaluates institutions during the cycle, by indicators of the pack.
C39 | Below 80, or among the last two, as the pack says: suspended from the cycle that follows, only that.
C40 | One issuer certifies approved trainees who met the plan, after the class ended, in one number series.
C41 | Course directions are those of the pack.
C42 | Exchange across regions and industries, told by department and not by address.
C43 | Graduates go on learning, linked to their certificate.
C44 | Certificates and public pages show the brand of the pack and no other.
C45 | Contact points are data of the pack.
C46 | The liaison form is configurable: the notices do not publish its columns.
C47 | The goal stands in the pack; no outcome indicator gates anything.
""")

DECISIONS: Mapping[str, str] = _table("""
Q1 | A deadline includes its day, in its zone.
Q2 | A share is one of the approved persons of the cycle.
Q3 | A tie across the line suspends nobody by itself: the bureau decides, and the decision is recorded.
Q4 | An institution without a score is not ranked and keeps the evaluation open.
Q5 | A member body is evaluated and suspended with its federation.
Q6 | Scores have two decimals; a weighted total is exact and rounded once.
Q7 | A person is one head; a second enrolment needs a reason and adds none.
Q8 | A trainee is replaced by a new roster, and the old row stays as withdrawn.
Q9 | Running classes of a suspended institution finish.
Q10 | The criteria of completion are those of the filed plan.
Q11 | A trainee is seen by the home department, not by that of the place.
Q12 | A conflict of interest bars an evaluator and flags a tracker.
Q13 | In the earlier cycle any training body may hold a commissioned class.
Q14 | The next year is the cycle that follows; a suspension waits for it and bars what was given in it.
Q15 | Selection for special topics and boot camps closes when the class starts.
Q16 | Reviewer and submitter are compared as acting principals; one organisation doing both is flagged.
Q17 | Acts that the notices give to nobody are held as the table of the pack says.
""")

ALL: Mapping[str, str] = {**CLAUSES, **DECISIONS}
