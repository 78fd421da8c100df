"""Vocabulary of made-up registers: names by their sound, from which every writing is derived.

One sign per sound: `A I U` long vowels, `H S D T Z` emphatic, `3` ain, `'` hamza, `x` kh, `G` gh,
`$` sh, `v` th, `*` dh, `p` a final ta marbuta, `Y` a final alef maqsura. Given names are common
words of the language; family names are put together from roots and patterns. Nobody is meant.
"""

from __future__ import annotations

from typing import Final


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MALE: Final = _names(
    """
muHammad aHmad maHmUd muSTafY xAlid 3alI Hasan Husayn yUsuf ibrAhIm 3umar ismA3Il 3abd_allAh
3abd_al_raHmAn sAmir fAdI rAmI ziyAd TAriq nabIl walId mAhir bAsil anas Hamzap bilAl 3imAd jamAl
kamAl nASir faySal qAsim SAliH GassAn marwAn hayvam ayman $AdI mUsY 3IsY dAwUd sulaymAn ra$Id
jAbir taysIr Gayv karIm raHIm salIm sAlim sa3Id sa3d as3ad mas3Ud usAmap Ayman adham akram amjad
anwar ashraf a$raf bAsim badr bahA' bakr ba$Ar ba$Ir burhAn DiyA' fahd fahmI fArUq fAris fatHI
fawzI fu'Ad GAzI HAmid HAtim HAzim HusAm hAnI hi$Am iyAd jawAd jihAd kAZim kAmil luTfI lu'ay
majdI mAjid ma'mUn munIr muntaSir murAd mu3Av mu3taz muhannad mun*ir nAdir nA'il naDAl niDAl
nizAr nAjI najIb nu3mAn qays qusayy rabI3 rAfi3 rA'id ra'Uf riyAD riDA ridwAn rizq sAmI sAmiH
sayf samIr samIH Safwat SalAH SAbir Suhayb SubHI $AkIr $Akir $ihAd $ukrI tAmir tawfIq tAhir
3abbAs 3AdIl 3Adil 3adnAn 3A$Ur 3Amir 3ammAr 3Arif 3ASim 3ATif 3awaD 3azIz 3izz 3izzat 3uday
3uvmAn wAjId wA'il wisAm yAsIn yAsir yaHyY yazan yUnus zakariyyA zAhir zayd zuhayr nUr_al_dIn
3alA'_al_dIn SalAH_al_dIn jamAl_al_dIn 3izz_al_dIn sayf_al_dIn $ams_al_dIn bahA'_al_dIn
3abd_al_3azIz 3abd_al_karIm 3abd_al_qAdir 3abd_al_HamId 3abd_al_nASir 3abd_al_salAm
3abd_al_raHIm 3abd_al_laTIf 3abd_al_majId 3abd_al_fattAH 3abd_al_hAdI 3abd_al_razzAq
3abd_al_mun3im 3abd_al_GanI 3abd_rabbuh
"""
)
FEMALE: Final = _names(
    """
fATimap maryam 3A'i$ap xadIjap zaynab amal hudY nUr su3Ad munY ranA laylY salmY hanA' ImAn
Aminap ruqayyap sumayyap HalImap najwY samIrap wafA' raHmap du3A' bu$rY lInA rIm GAdap raGad
jamIlap nAdiyap SabAH ibtisAm isrA' $aymA' 3abIr xulUd maysA' zahrA' yusrY HanAn fadwY asmA'
AyAt Ayap batUl bayAn dAliyap dAnA dImap fAtin firyAl GazAl habbap hAlap hayAm hibap hind inAs
inSAf intiSAr i3timAd jUd juwayriyap karImap kawvar lamY lamyA' layAn ma3Alin mahA majdap malak
manAl marAm marwap masarrap maysUn mays miskap mu'minap nA'ilap nahlap najlA' nasrIn nawAl
ni3map nihAl niDAl nismap rAniyap rana ra$A rahaf rAwiyap rawAn rImA rIhAm ritAj rIwA sAjidap
sAmiyap safA' saHar salwY samar samAH sanA' sArap sawsan sihAm sundus Su3Ad SafA' SafIyyap $a*A
$Adiyap $ahd $ahad $urUq tahAnI tAlA tasnIm 3abbap 3aflap 3ahd 3azIzap 3ulA wa3d ward wi$Am yAfA
yAqUt yAsmIn zakIyyap zInap zulfap umm_kulvUm
"""
)
ROOTS: Final = _names(
    """
ktb drs Hmd slm njr Hdd Tbx sbG rsm Hrb bTn $Hd krm Hsn jml qdr nSr fth rHm srH Hrz zrq smr $qr
brq brd srj zhr nbl fDl $rf Drb qTn Sbr Sdq slH 3Tr 3qd 3jl 3md 3rf 3ml 3lq 3sl 3$r Gnm Gzl Grb
Gfr $kr $ml $bl $rb $lH xlf xlq xTb xDr xmr xzn xbz xrs Hjr Hlb Hml Hlq HfZ Hkm Hnn jbr jmr jrb
jbl jld jrH jHf jwd Tbl TrZ Tlb Tlq THn Tyb bdr bHr blH bkr bsT b$r bnn bSl dhn drb dqq dll fhd
fr$ frH frj fTm fqr hdr hjr hml hll kHl klb krd kfr knz lbn lbd lHm lTf mlk mrd msk mlH nHl nHs
nfs nmr nqr nZm nb3 qdH qmr qnd qSr qSb qb3 qfl rHl rkb rbH rjb rmD rqb rsl rzm sb3 sfr skn sHr
stl syf smk shl thm tjr tmr vmr vqf wrd wsm zbd zmr znd zqt z3l z3t
"""
)

# `1 2 3` stand for the consonants of a root.
PATTERNS: Final = (
    "1A2i3", "1a2I3", "1a22A3", "1a23An", "ma12U3", "a12a3", "1u2ay3", "1a2U3", "1i23AwI",
    "1a23I", "1a22U3", "1u2A3", "mi12A3", "1a2a3ap", "1A2U3", "mu1a22i3", "1a22A3I", "1a2I3I",
    "1a2A3inap", "1u23a", "1a23Awp", "1aw2a3", "1ay2A3", "1a2A3", "1i2A3", "1u2ay3I", "1a23ap",
    "1u22ay3", "mu12i3", "ma1A2i3ap", "1a2A3iyyap", "1a23UnI", "1a23U3"
)  # fmt: skip
HOUSES: Final = _names(
    """
miSrI $AmI maGribI HalabI naHlAwI xalIlI nAbulsI yAfAwI xUlI najjAr HaddAd xayyAT SabbAG TaHHAn
qaSSAb HallAq xaTIb qADI $ayx HAjj 3Amr Hamdan najm nimr Saqr 3ATI mAlI qudsI rifA3I rayyis
zInap 3a$qar kurdI turk turkmAnI 3irAqI HijAzI baHrI jabalI GazAlI qawAsmI jabArIn barGUvI zu3bI
3abIdI ra3d
"""
)
