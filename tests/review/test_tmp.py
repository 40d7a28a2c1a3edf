import time, random
import pytest
from wagtail_regional import factories as f
from wagtail_regional.models import *
from wagtail_regional.review import review, current_findings
from wagtail_regional.review.engine import all_rules, Facts, moment_of_site
def test_perf(section):
    rnd = random.Random(1)
    syl = "la le mo ri ta ven bo ster dam kerk hof wijk burg land"
    syl = syl.split()
    def word(): return "".join(rnd.choice(syl) for _ in range(rnd.randint(2,4)))
    Organisation.objects.bulk_create([Organisation(name={"en":f"University of {word()} {word()}","nl":f"Universiteit {word()} {word()}"}, type="education", website=f"https://www.{word()}{i}.example/") for i in range(10000)])
    Alliance.objects.bulk_create([Alliance(name={"en":f"A {i}"}, type="alliance", starts="2010", ends=rnd.choice([None,"2013","2030"])) for i in range(1000)])
    al=list(Alliance.objects.all()); orgs=list(Organisation.objects.all())
    Membership.objects.bulk_create([Membership(alliance=rnd.choice(al), organisation=rnd.choice(orgs)) for i in range(5000)])
    Programme.objects.bulk_create([Programme(name={"en":f"P {i}","nl":f"P {i}"}, type="minor") for i in range(5000)])
    for code, rule in all_rules().items():
        t=time.time(); facts=Facts(moment_of_site()); n=len(list(rule.find(facts))); print(code, n, round(time.time()-t,2))
    t=time.time(); n=len(review()); print("all", n, time.time()-t)
    t=time.time(); n=len(current_findings()); print("cold", n, time.time()-t)
    t=time.time(); n=len(current_findings()); print("warm", n, time.time()-t)
