import json
import math
import subprocess
import sys

import pytest

from lab.server import rates

ENTRY = ["code", "alphaCode", "numericCode", "name", "rate", "date", "inverseRate"]


def test_there_are_150_lower_case_codes_and_each_once():
    codes = rates.codes()
    assert len(codes) == len(set(codes)) == 150
    assert all(code == code.lower() and len(code) == 3 and code.isalpha() for code in codes)
    assert codes[:3] == ("usd", "eur", "gbp")
    assert codes[-1] == "pln"


def test_the_zlotys_own_rates_are_those_recorded():
    recorded = rates.rates("pln")
    assert recorded["usd"] == 0.25054962245482
    assert recorded["sgd"] == 0.33701260245423
    assert "pln" not in recorded


def test_another_bases_rates_follow_from_the_zlotys():
    zloty, euro = rates.rates("pln"), rates.rates("eur")
    assert euro["usd"] == 0.25054962245482 / 0.21965193489885
    assert euro["pln"] == 1 / 0.21965193489885
    assert euro == {
        code: rate / zloty["eur"] for code, rate in {**zloty, "pln": 1.0}.items() if code != "eur"
    }


@pytest.mark.parametrize("base", rates.codes())
def test_a_document_has_the_feeds_shape_and_the_same_rates_after_json(base):
    document = json.loads(json.dumps(rates.document(base)))
    assert list(document) == [code for code in rates.codes() if code != base]
    assert {code: entry["rate"] for code, entry in document.items()} == rates.rates(base)
    for code, entry in document.items():
        assert list(entry) == ENTRY
        assert entry["code"] == entry["alphaCode"] == code.upper()
        assert math.isclose(entry["rate"] * entry["inverseRate"], 1, rel_tol=1e-15)


def test_an_entry_says_what_the_feed_says():
    assert rates.document("pln")["aud"] == {
        "code": "AUD",
        "alphaCode": "AUD",
        "numericCode": "036",
        "name": "Australian Dollar",
        "rate": 0.35153549263367,
        "date": "Fri, 4 Feb 2022 11:55:01 GMT",
        "inverseRate": 1 / 0.35153549263367,
    }
    zloty = rates.document("aud")["pln"]
    assert (zloty["numericCode"], zloty["name"], zloty["inverseRate"]) == (
        "985",
        "Polish Zloty",
        0.35153549263367,
    )


def test_names_keep_their_accents():
    assert rates.document("pln")["stn"]["name"] == "São Tomé and Príncipe Dobra"


@pytest.mark.parametrize("base", ["xyz", "EUR", ""])
@pytest.mark.parametrize("ask", [rates.rates, rates.document])
def test_an_unknown_base_is_a_lookup_error_that_says_what_there_is(ask, base):
    with pytest.raises(LookupError, match=rf"no currency '{base}' among the 150 recorded; .* like 'eur'"):
        ask(base)


def test_a_callers_change_to_its_rates_touches_no_other():
    rates.rates("eur").clear()
    assert len(rates.rates("eur")) == 149


def test_importing_the_rates_and_the_launcher_imports_no_package_and_reads_no_record():
    code = (
        "import sys; from lab.server import launch, rates;"
        "print([name for name in ('aiohttp', 'uvloop', 'csv') if name in sys.modules],"
        " rates._currencies.cache_info().misses)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[] 0\n"
