"""检索器：一句提问 → 回答、给出几个相近问题、或不出声。三段的门槛与权重来自 parameters.toml。"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

from faq.analysis import Analyser, default_analyser
from faq.classifier import Classifier, default_classifier
from faq.correction import FUNCTION_CHARACTERS, Corrector
from faq.cues import Cues, default_cues
from faq.entries import Entry
from faq.index import Document, Index
from faq.parameters import Parameters, Situation, default_parameters
from faq.ranking import Candidate, candidates_of, views_of
from faq.reading import Reading, bare, confidence_features, explain, says_something
from faq.text import NOISE, compact, normalise, plain_symbols, strip_noise
from faq.tone import Tone, default_tone
from faq.turns import is_whole, read_turns, stands_apart, turns_confidence_features

ANSWER, SUGGEST, ABSTAIN = "answer", "suggest", "abstain"
MOST_SUGGESTIONS = 3
CONFIDENT = 0.99
CERTAIN_LOGIT = 5.0
COMMON_WORD = 4  # 在这么多个问法里出现过的双字才用来纠正别人


@dataclass(frozen=True, slots=True)
class Hit:
    """一个命中：条目编号与排序得分。"""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """判断结果：kind 为 answer、suggest 或 abstain；score 是 0 到 1 的把握。"""

    kind: str
    id: str | None
    suggestions: tuple[str, ...]
    score: float
    why: str


class Retriever:
    """知识库检索器；建好后不变，加一条用 with_entry 得到新的。"""

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        parameters: Parameters | None = None,
        analyser: Analyser | None = None,
        cues: Cues | None = None,
        tone: Tone | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._analyser = analyser or default_analyser()
        self._parameters = parameters or default_parameters()
        self._cues = cues or default_cues()
        self._tone = tone or default_tone()
        self._classifier = classifier or default_classifier()
        self._build([Document.of(entry, self._analyser) for entry in entries])

    def _build(self, documents: list[Document]) -> None:
        self._documents = documents
        self.entries = {document.entry.id: document.entry for document in documents}
        self._index = Index(documents, self._classifier.number_of)
        self._corrector = Corrector(
            *self._vocabulary(), self._analyser.synonyms.phrases, self._analyser.pinyin
        )
        self._exact = {
            phrasing.compact: document
            for document in documents
            for phrasing in document.phrasings
            if phrasing.compact
        }

    def _vocabulary(self) -> tuple[dict[str, int], set[str]]:
        counts: Counter[str] = Counter()
        for document in self._documents:
            for term, holders in document.holders.items():
                if len(term) <= 2 and not term.isascii():
                    counts[term] += len(holders)
        words = {
            term: count
            for term, count in counts.items()
            if count >= COMMON_WORD and not FUNCTION_CHARACTERS.intersection(term)
        }
        for phrase in sorted(self._analyser.synonyms.phrases):
            if len(phrase) > 1 and not phrase.isascii():
                words[phrase] = max(words.get(phrase, 0), 2 + counts[phrase])
        polite = (word[i : i + 2] for word in NOISE for i in range(len(word) - 1))
        return words, {*counts, *words, *polite}

    def with_entry(self, entry: Entry) -> "Retriever":
        """加进（或替换）一个条目后的新检索器；其余条目不重新分析。"""
        kept = [document for document in self._documents if document.entry.id != entry.id]
        return self._with([*kept, Document.of(entry, self._analyser)])

    def without_entry(self, entry_id: str) -> "Retriever":
        """去掉一个条目后的新检索器；编号不存在时内容不变。"""
        return self._with([document for document in self._documents if document.entry.id != entry_id])

    def _with(self, documents: list[Document]) -> "Retriever":
        fresh = Retriever(
            (),
            parameters=self._parameters,
            analyser=self._analyser,
            cues=self._cues,
            tone=self._tone,
            classifier=self._classifier,
        )
        fresh._build([document.fresh() for document in documents])
        return fresh

    def search(self, text: str, limit: int = 5) -> list[Hit]:
        """最像的条目，按得分从高到低，最多 limit 个。"""
        found = self.read(text).found
        return [Hit(candidate.document.entry.id, round(candidate.total, 4)) for candidate in found[:limit]]

    def decide(self, text: str, *, overheard: bool = False) -> Decision:
        """判断一句提问；overheard 表示没有点名机器人，此时只在很有把握时回答，从不给候选。"""
        reading = self.read(text)
        if not reading.found:
            return Decision(ABSTAIN, None, (), 0.0, "没有一个词与知识库相同")
        if not (reading.exact or says_something(reading)):
            return Decision(ABSTAIN, None, (), 0.0, "没有说到具体的事")
        if overheard and not self._looks_asking(reading):
            return Decision(ABSTAIN, None, (), 0.0, "不像在提问")
        situation = self._parameters.overheard if overheard else self._parameters.mentioned
        features = self.confidence_features(reading)
        score = CONFIDENT if reading.exact else sigmoid(weighted(situation.weights, features))
        listed = 0.0 if overheard else listed_chance(situation, features)
        return _judged(reading.found, (score, listed), situation, explain(reading))

    def decide_turns(self, turns: list[str], *, overheard: bool = False) -> Decision:
        """判断同一个人接连说的几句里的最后一句；它省略了前文时连前文一起理解。"""
        if not turns:
            return Decision(ABSTAIN, None, (), 0.0, "没有内容")
        turns = [*(turn for turn in turns[:-1] if turn != turns[-1]), turns[-1]]  # 又问一遍不是追问
        alone = self.decide(turns[-1], overheard=overheard)
        if len(turns) == 1 or alone.score == CONFIDENT:
            return alone
        if overheard and not self._looks_asking(self.read(turns[-1])):
            return Decision(ABSTAIN, None, (), 0.0, "不像在提问")
        situation = self._parameters.overheard if overheard else self._parameters.mentioned
        reading = read_turns(self, turns, self._parameters.turns_rank)
        if not reading.found or stands_apart(reading.alone):
            return alone
        if reading.next_step is not None:
            entry = reading.next_step.entry
            return Decision(
                ANSWER, entry.id, (), CONFIDENT, "上一句说的是前一步，接着是「" + entry.question + "」"
            )
        features = turns_confidence_features(
            reading,
            self.confidence_logit(reading.alone, situation),
            self.confidence_logit(reading.joined, situation),
        )
        score = sigmoid(weighted(self._parameters.turns_weights, features))
        listed = 0.0 if overheard else self._listed(reading.alone)
        if not (overheard or is_whole(reading.alone)):  # 自成一句的，单看没有合适的就不给候选
            listed = max(listed, self._listed(reading.joined))
        why = "接着上一句理解，最像「" + reading.found[0].document.entry.question + "」"
        return _judged(
            reading.found,
            (score, max(score, listed) if not is_whole(reading.alone) else listed),
            situation,
            why,
        )

    def read(self, text: str, also: tuple[Document, ...] = ()) -> Reading:
        """读懂一句提问：规整、纠错、分句、挑候选、排好序；also 里的条目也算进候选。"""
        normal = normalise(text)
        plain = strip_noise(normal)
        corrected, changes = self._corrector.correct(plain)
        views = views_of(corrected, self._analyser, self._index, self._classifier)
        exact = self._exact.get(compact(plain)) or self._exact.get(views[0].analysis.compact)
        wanted = also if exact is None else (*also, exact)  # 刚加的问法，分类器没学过，挑不出它
        found = candidates_of(views, self._index, self._parameters.rank, wanted)
        if exact is not None:
            found.sort(key=lambda candidate: candidate.document is not exact)
        return Reading(normal, views, found, changes, exact is not None)

    def corrected(self, text: str) -> str:
        """规整、去客套、纠错之后的一句话。"""
        return self._corrector.correct(strip_noise(normalise(text)))[0]

    def confidence_features(self, reading: Reading, tone: float | None = None) -> dict[str, float]:
        """把握模型的特征；tone 不给时用随包的口气表算。"""
        if tone is None:
            tone = self._tone.of(plain_symbols(reading.normal))
        foreign = self._cues.matches("other_system", reading.normal)
        return confidence_features(reading, self._cues.find(reading.normal), tone, foreign)

    def confidence_logit(self, reading: Reading, situation: Situation) -> float:
        """一种场合下对第一名的把握（对数几率）；没有候选时是很小的数。"""
        if not reading.found:
            return -CERTAIN_LOGIT
        if reading.exact:
            return CERTAIN_LOGIT
        return weighted(situation.weights, self.confidence_features(reading))

    def _listed(self, reading: Reading) -> float:
        """前三名里有对的把握，0 到 1。"""
        if not reading.found:
            return 0.0
        return listed_chance(self._parameters.mentioned, self.confidence_features(reading))

    def _looks_asking(self, reading: Reading) -> bool:
        if not bare(self._cues.find(reading.normal)):
            return True
        question = reading.found[0].document.phrasings[0] if reading.exact else None
        return question is not None and question.compact == compact(strip_noise(reading.normal))


def sigmoid(value: float) -> float:
    """把任意数压到 0 到 1。"""
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def weighted(weights: dict[str, float], features: dict[str, float]) -> float:
    """特征按权重加起来，加上常数项 bias。"""
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())


def listed_chance(situation: Situation, features: dict[str, float]) -> float:
    """前三名里有对的把握，0 到 1。"""
    return sigmoid(weighted(situation.listed, features))


def _judged(found: list[Candidate], scores: tuple[float, float], situation: Situation, why: str) -> Decision:
    """scores 是第一名对的把握、前三名里有对的把握。"""
    score, listed = scores
    rounded = round(score, 4)
    if score >= situation.answer:
        return Decision(ANSWER, found[0].document.entry.id, (), rounded, why)
    if listed < situation.suggest or len(found) < 2:
        return Decision(ABSTAIN, None, (), rounded, "把握不够，" + why)
    ids = tuple(candidate.document.entry.id for candidate in found[:MOST_SUGGESTIONS])
    return Decision(SUGGEST, None, ids, rounded, "有几条相近，" + why)
