"""The search's half in the database: one function that finds and ranks, over all halls or as a hall's role sees them.

Installed by set-up like the overlay's functions. It reads the pieces of the question in the index, the rarest first
and no more entries than a budget, so that its time is bounded whatever is asked; scores each wording by how much of the question
and of the wording the common pieces make; and gives each item its best wording's score.
"""

from catalog.shared.codes import LOCAL_ORIGIN

# how rare a piece is, is reckoned as if the catalogue had so many wordings
CATALOGUE = 10000.0
# entries of the index that one search reads at the most, and wordings that it looks at closely
BUDGET = 2500
CLOSELY = 120
# an item that scores less than this part of the best one is noise beside it
BESIDE_BEST = 0.5
# a piece that no wording has is taken for as common as one that this many have: it tells little against those that match
UNHEARD = 40
# a wording that a question holds is all that is meant when it makes this part of it, and less the shorter it is
HELD = 0.35
# what the parts of a question count that an item's best wording lacks and its others have
TOGETHER = 0.35
# a wording that is the question but for one character, and one that holds it so
SLIP, SLIP_WITHIN = 0.74, 0.62
# the characters of a wording that a plain question has, in any order: what they count at the most, how much of them in
# rareness is enough, and how rare one that the question lacks is taken to be
SCATTERED, ENOUGH_CHARACTERS, LACKING = 0.86, 24.0, 4.0


# the pieces of the question and the wordings that have them, within the budget
_ENTRIES = f"""        WITH counted AS (
            SELECT a.term, a.sort, s.wordings, s.shares, cardinality(s.wordings) AS number,
                a.strength * ln(2 + {CATALOGUE} / (1 + COALESCE(cardinality(s.wordings), {UNHEARD})))::real AS weight
            FROM unnest(asked, sorts, strengths) a(term, sort, strength)
            LEFT JOIN public.catalog_shared_sharedterm s ON s.term = a.term),
        -- the rarest first: what is past the budget is not read, neither for nor against any wording
        ordered AS (SELECT c.*, sum(number) OVER (ORDER BY number, c.term) AS entries, min(number) OVER () AS rarest FROM counted c),
        piece AS (SELECT o.term, o.sort, o.wordings, o.shares, (o.weight / sum(o.weight) OVER (PARTITION BY o.sort))::real AS part
            FROM ordered o WHERE number IS NULL OR entries <= {BUDGET} OR number = rarest),
        entry AS (
            SELECT p.term, p.sort, p.part, t.wording_id, t.share, false AS own FROM piece p CROSS JOIN LATERAL unnest(p.wordings, p.shares) t(wording_id, share)
            UNION ALL
            SELECT p.term, p.sort, p.part, t.wording_id, t.share, true FROM piece p JOIN public.catalog_shared_hallterm h ON h.term = p.term
            CROSS JOIN LATERAL unnest(h.wordings, h.shares) t(wording_id, share)),
"""


def functions(schema: str = "public.") -> list[str]:
    """Return the statement that makes the search's function.

    The city's stands in public. Each hall has its own besides (`schema` empty: where it is made), for a kept plan is
    made anew whenever another role runs it over tables with row-level security.
    """
    return [
        f"""CREATE OR REPLACE FUNCTION {schema}catalog_search(
            asked text[], sorts integer[], strengths real[], whole text, bare text, alike real, enough real,
            slip text, scattered text[], mixed boolean)
        RETURNS TABLE (key text, score real, wording text) LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 50
        SET plan_cache_mode = force_generic_plan AS $$
        #variable_conflict use_column
        BEGIN RETURN QUERY
{_ENTRIES}        met AS (
            SELECT e.wording_id, e.own,
                COALESCE(sum(e.part) FILTER (WHERE e.sort = 0), 0)::float8 AS seen, COALESCE(sum(e.part) FILTER (WHERE e.sort = 1), 0)::float8 AS heard,
                COALESCE(sum(e.part) FILTER (WHERE e.sort = 2), 0)::float8 AS begun,
                COALESCE(sum(e.share) FILTER (WHERE e.sort = 0), 0) / 10000::float8 AS seen_of, COALESCE(sum(e.share) FILTER (WHERE e.sort = 1), 0) / 10000::float8 AS heard_of,
                COALESCE(sum(e.share) FILTER (WHERE e.sort = 2), 0) / 10000::float8 AS begun_of
            FROM entry e GROUP BY e.wording_id, e.own),
        -- characters with their sound, or the sound alone, or first letters alone; of a question in both, characters and letters
        rated AS (
            SELECT m.wording_id, m.own, CASE WHEN mixed THEN greatest(alike * heard, 0.35::float8 * seen + 0.6::float8 * begun)
                    ELSE greatest(0.7::float8 * seen + 0.3::float8 * heard, alike * heard, 0.9::float8 * begun) END AS asked_part,
                least(1, CASE WHEN mixed AND 0.35::float8 * seen + 0.6::float8 * begun > alike * heard THEN 0.4::float8 * seen_of + 0.6::float8 * begun_of
                    WHEN 0.7::float8 * seen + 0.3::float8 * heard >= greatest(alike * heard, 0.9::float8 * begun) THEN 0.7::float8 * seen_of + 0.3::float8 * heard_of
                    WHEN alike * heard >= 0.9::float8 * begun THEN alike * heard_of * least(1, 0.4::float8 + 1.2::float8 * heard) ELSE 0.9::float8 * begun_of * least(1, 1.6::float8 * begun) END) AS own_part
            FROM met m),
        close AS (
            SELECT r.*, greatest(asked_part * (0.65 + 0.2 * own_part),
                CASE WHEN own_part >= 0.72 THEN (0.42 + 0.45 * asked_part) * own_part ELSE 0 END) AS base
            FROM rated r ORDER BY base DESC, r.wording_id LIMIT {CLOSELY}),
        worded AS (
            SELECT k.wording_id, k.own, w.code AS key, w.text AS said, w.weight AS worth, k.base, k.own_part, k.asked_part FROM close k JOIN public.catalog_shared_sharedwording w ON w.id = k.wording_id WHERE NOT k.own
            UNION ALL
            SELECT k.wording_id, k.own, CASE WHEN w.code LIKE '{LOCAL_ORIGIN}%' THEN w.hall_role || ':' || w.code ELSE w.code END, w.text, w.weight, k.base, k.own_part, k.asked_part
            FROM close k JOIN public.catalog_shared_hallwording w ON w.id = k.wording_id WHERE k.own),
        -- how rare the characters of a plain question are
        sign AS MATERIALIZED (
            SELECT c.term, ln(2 + {CATALOGUE} / (1 + COALESCE(cardinality(s.wordings), 0)))::float8 AS weight
            FROM unnest(scattered) c(term) LEFT JOIN public.catalog_shared_sharedterm s ON s.term = c.term),
        strewn AS (
            SELECT w.wording_id, w.own, ({SCATTERED} * least(1, sum(g.weight) / {ENOUGH_CHARACTERS})
                * power(sum(g.weight) / (sum(g.weight) + {LACKING} * count(*) FILTER (WHERE g.term IS NULL)), 1.5) * (0.72 + 0.28 * least(1, 1.5 * max(w.own_part))))::float8 AS points
            FROM worded w CROSS JOIN LATERAL (SELECT DISTINCT unnest(string_to_array(w.said, NULL)) AS term) c LEFT JOIN sign g ON g.term = c.term
            WHERE cardinality(scattered) > 0 AND length(w.said) BETWEEN 2 AND 16 GROUP BY w.wording_id, w.own),
        scored AS (
            SELECT w.key, w.said, w.asked_part, (w.worth * greatest(COALESCE(n.points, 0), CASE
                WHEN w.said = whole OR w.said = bare THEN 1
                WHEN starts_with(w.said, bare) THEN greatest(w.base, 0.8 + 0.08 * w.own_part)
                WHEN w.said !~ '^([a-z][a-z]?|.)$' AND strpos(whole, w.said) > 0 THEN greatest(w.base, 0.48 * least(1, length(w.said) / ({HELD} * length(bare))) + 0.45 * w.asked_part)
                WHEN strpos(w.said, bare) > 0 THEN greatest(w.base, 0.7 + 0.08 * w.own_part)
                WHEN slip <> '' AND w.said ~ ('^(' || slip || ')$') THEN greatest(w.base, {SLIP})
                WHEN slip <> '' AND length(bare) > 3 AND w.said ~ slip THEN greatest(w.base, {SLIP_WITHIN})
                ELSE w.base END))::real AS points
            FROM worded w LEFT JOIN strewn n ON n.wording_id = w.wording_id AND n.own = w.own),
        first AS (SELECT DISTINCT ON (s.key) s.key, s.points, s.said, s.asked_part FROM scored s ORDER BY s.key, s.points DESC, s.said),
        -- what the item's other wordings hold of the question besides: a long question meets an item in several of them
        together AS (SELECT u.key, sum(u.part) AS part FROM (
            SELECT w.key, e.term, max(e.part) AS part FROM worded w JOIN entry e ON e.wording_id = w.wording_id AND e.own = w.own WHERE e.sort = 0 GROUP BY w.key, e.term) u
            GROUP BY u.key),
        best AS (
            SELECT f.key, least(1, f.points + CASE WHEN f.points < 0.9 THEN {TOGETHER} * greatest(0, COALESCE(t.part, 0) - f.asked_part) ELSE 0 END)::real AS points, f.said
            FROM first f LEFT JOIN together t ON t.key = f.key),
        good AS (SELECT * FROM best b WHERE b.points >= enough)
        SELECT b.key::text, b.points, b.said::text FROM good b WHERE b.points >= {BESIDE_BEST} * (SELECT max(points) FROM good)
        ORDER BY b.points DESC, b.key; END $$"""
    ]
