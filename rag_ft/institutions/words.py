"""The words that make a capitalised phrase the name of an institution, a document, or neither."""

from rag_ft.institutions.known import InstitutionKind
from rag_ft.institutions.names import COMPANY_FORMS

# A head makes the phrase around it an institution.
HEADS: dict[str, InstitutionKind] = {
    "administration": "agency",
    "agency": "agency",
    "association": "company",
    "authority": "authority",
    "bank": "bank",
    "banking": "bank",
    "berhad": "company",
    "board": "agency",
    "bureau": "agency",
    "bundesbank": "central bank",
    "center": "agency",
    "centre": "agency",
    "chambers": "agency",
    "chancellor": "role",
    "commission": "authority",
    "commissioner": "role",
    "committee": "agency",
    "company": "company",
    "comptroller": "role",
    "corporation": "company",
    "council": "agency",
    "court": "court",
    "courts": "court",
    "department": "agency",
    "exchange": "company",
    "fed": "central bank",
    "federation": "agency",
    "force": "agency",
    "forum": "agency",
    "foundation": "company",
    "government": "role",
    "group": "company",
    "holdings": "company",
    "institute": "agency",
    "insurance": "company",
    "minister": "role",
    "ministry": "ministry",
    "office": "agency",
    "ombudsman": "role",
    "organisation": "standard setter",
    "organization": "standard setter",
    "network": "agency",
    "parliament": "role",
    "partnership": "agency",
    "secretariat": "agency",
    "unit": "agency",
    "police": "agency",
    "prosecutor": "role",
    "registrar": "role",
    "registry": "agency",
    "regulator": "authority",
    "reserve": "central bank",
    "service": "agency",
    "society": "company",
    "taskforce": "agency",
    "surgery": "company",
    "treasury": "ministry",
    "tribunal": "court",
    "tribunals": "court",
    "university": "agency",
    **dict.fromkeys(COMPANY_FORMS - {"co", "na", "sa", "ag", "lp"}, "company"),
}

# These make an institution only at the end of a phrase or before "of": the Deposit Insurance Scheme
# is no insurer.
WEAK_HEADS = frozenset(
    "banking company exchange force forum group holdings insurance network partnership reserve service"
    " unit".split()
)

# These are institutions alone too, after "the": the name is then a role that a document defines.
ROLES = frozenset(
    "agency authority bank board bureau commission commissioner comptroller council court department"
    " corporation exchange government institute minister ministry parliament ombudsman police"
    " registrar registry treasury tribunal fed".split()
)

# "Committee on", "Bank for": the only words after which "on" and "for" belong to a name.
_HEADS_WITH_PURPOSE = (
    "agency bank board bureau centre commission committee council court department institute"
    " office organisation organization society group force forum association network"
)
HEADS_WITH_PURPOSE = frozenset(_HEADS_WITH_PURPOSE.split())

# A phrase that ends in one of these names a document, not its issuer.
DOCUMENTS = frozenset(
    "act acts advisory agreement bill bylaw bylaws bylaw charter circular circulars code consultation"
    " constitution convention direction directions directive faq faqs form framework gazette guidance"
    " guideline guidelines handbook information manual memorandum notice notices order paper policy"
    " principle principles protocol recommendation recommendations regulation regulations report"
    " resolution resolutions rule rules rulebook schedule standard standards statement statute treaty".split()
)

# Words that follow an institution's name with a capital and change nothing of it.
TITLES = frozenset(
    "assistant chair chairman chief deputy director executive general governor head managing manager"
    " member members officer officers president secretary spokesman spokesperson staff website"
    " licence licensed licensee licensing".split()
)

# Words with a capital only because a sentence, a heading or a definition starts with them.
STARTERS = frozenset(
    "a about above accordingly according across after against all along also although amid among an and any"
    " are around as ask at be because been before behind being below beneath beside besides between beyond"
    " both but by can consult contact could despite did do does down during each either every except failing"
    " first following for former from furthermore given has have he her his how however i if in"
    " inform instead"
    " into is it its later like may moreover must my near neither new no none nor not notify notwithstanding"
    " of off on once only or other otherwise our out over past per pursuant report said says"
    " section see shall"
    " she should since so some subject such tell than that the their them then there these they this those"
    " through thus to toward towards under unless unlike until upon via was we were what when where whereas"
    " whether which while who whom whose why will with within without would yes you your name".split()
)

# In small letters these may stand before a head: "central bank", "monetary authority".
QUALIFIERS = frozenset(
    "banking central conduct federal financial markets monetary national people's prudential regulatory"
    " reserve royal securities services state supervisory".split()
)

# Countries and cities: "central bank of x" in small letters is an institution only before one of these,
# and "X's Ministry of Finance" is X's own.
PLACES = frozenset(
    "afghanistan africa albania algeria america amsterdam andorra angola argentina armenia asia australia"
    " austria azerbaijan bahamas bahrain bangkok bangladesh barbados beijing belarus belgium belize berlin"
    " bermuda bhutan bolivia bosnia botswana brazil britain brunei brussels bulgaria burma cambodia cameroon"
    " canada chile china colombia congo croatia cuba cyprus czechia delhi denmark dubai dublin ecuador egypt"
    " england estonia ethiopia europe fiji finland france frankfurt gabon geneva georgia germany ghana"
    " gibraltar greece guatemala guernsey guyana haiti hanoi honduras hongkong hungary iceland india"
    " indonesia iran iraq ireland israel istanbul italy jakarta jamaica japan jersey johor jordan kazakhstan"
    " kenya korea kuwait labuan laos latvia lebanon liberia libya liechtenstein lisbon lithuania london"
    " luxembourg macao macau madrid malawi malaysia maldives mali malta manila mauritius melbourne mexico"
    " milan moldova monaco mongolia montenegro morocco moscow mozambique mumbai myanmar namibia nepal"
    " netherlands nicaragua nigeria norway oman osaka oslo pakistan panama paraguay paris penang perth peru"
    " philippines poland portugal qatar romania rome russia rwanda samoa scotland senegal seoul serbia"
    " seychelles shanghai shenzhen singapore slovakia slovenia somalia spain stockholm sudan sweden"
    " switzerland sydney syria taipei taiwan tanzania thailand tokyo tonga toronto tunisia turkey uae uganda"
    " uk ukraine uruguay usa us uzbekistan vanuatu venezuela vienna vietnam wales yemen zambia zimbabwe"
    " zurich".split()
)
