"""Institutions and their other names, written by hand for the judge alone; one a line, first the name."""

# ruff: noqa: E501  # an institution is a line, however many names it has

_LINES = """
Monetary Authority of Singapore | MAS | M.A.S. | the Authority | The Authority
Suspicious Transaction Reporting Office | STRO
Commercial Affairs Department | CAD
Singapore Police Force | SPF
Singapore Deposit Insurance Corporation | Singapore Deposit Insurance Corporation Limited | SDIC
Singapore Exchange | Singapore Exchange Limited | SGX
Singapore Exchange Securities Trading | SGX-ST
Personal Data Protection Commission | PDPC
Info-communications Media Development Authority | IMDA
Cyber Security Agency of Singapore | Cyber Security Agency | CSA
Accounting and Corporate Regulatory Authority | ACRA
Inland Revenue Authority of Singapore | IRAS
Central Provident Fund Board | CPF Board | CPFB
Competition and Consumer Commission of Singapore | CCCS
Corrupt Practices Investigation Bureau | CPIB
Immigration and Checkpoints Authority | ICA
Government Technology Agency | GovTech
Enterprise Singapore
Economic Development Board | EDB
Housing and Development Board | Housing & Development Board | HDB
Urban Redevelopment Authority | URA
Board of Commissioners of Currency | Board of Commissioners of Currency, Singapore | BCCS
Ministry of Finance | MOF
Ministry of Trade and Industry | MTI
Ministry of Home Affairs | MHA
Ministry of Law | MinLaw
Ministry of Manpower | MOM
Ministry of Foreign Affairs | MFA
Ministry of Communications and Information | MCI
Ministry of Digital Development and Information | MDDI
Attorney-General's Chambers | AGC
Attorney-General
Auditor-General
Supreme Court of Singapore | Supreme Court
Court of Appeal
High Court | General Division of the High Court
District Court
Magistrate's Court
State Courts
Parliament of Singapore | Parliament
Land Transport Authority | LTA
National Crime Agency | NCA
Temasek Holdings | Temasek
GIC Private Limited | Government of Singapore Investment Corporation | GIC
Association of Banks in Singapore | The Association of Banks in Singapore | ABS
Life Insurance Association | Life Insurance Association of Singapore | LIA
General Insurance Association of Singapore | General Insurance Association | GIA
Financial Industry Disputes Resolution Centre | FIDReC
Investment Management Association of Singapore | IMAS
Singapore FinTech Association
Small Claims Tribunals
Accountant-General
Public Prosecutor
Official Assignee
Public Trustee
Institute of Banking and Finance | IBF
National Trades Union Congress | NTUC
Singapore Clearing House Association | SCHA
Banking Computer Services | BCS
Network for Electronic Transfers | NETS
Casino Regulatory Authority | Casino Regulatory Authority of Singapore | CRA
Gambling Regulatory Authority | Gambling Regulatory Authority of Singapore | GRA
Registry of Moneylenders | Registrar of Moneylenders
Council for Estate Agencies | CEA
Credit Bureau Singapore | CBS
Central Depository | The Central Depository | The Central Depository (Pte) Limited | CDP
Federal Reserve | US Federal Reserve | Federal Reserve Board | Federal Reserve System | the Fed | FOMC | Federal Open Market Committee
Federal Reserve Bank of New York
Federal Deposit Insurance Corporation | FDIC
Office of the Comptroller of the Currency | OCC
Office of Foreign Assets Control | OFAC
Financial Crimes Enforcement Network | FinCEN
Securities and Exchange Commission | US Securities and Exchange Commission | SEC
Commodity Futures Trading Commission | CFTC
Consumer Financial Protection Bureau | CFPB
Financial Industry Regulatory Authority | FINRA
US Treasury | US Department of the Treasury | Department of the Treasury
Federal Bureau of Investigation | FBI
European Central Bank | ECB
European Banking Authority | EBA
European Securities and Markets Authority | ESMA
European Insurance and Occupational Pensions Authority | EIOPA
European Commission
European Union | EU
European Data Protection Board | EDPB
Bank of England | BoE
Financial Conduct Authority | FCA
Prudential Regulation Authority | PRA
HM Treasury | His Majesty's Treasury | Her Majesty's Treasury
Information Commissioner's Office | ICO
Financial Ombudsman Service
Deutsche Bundesbank | Bundesbank
BaFin | Federal Financial Supervisory Authority
Banque de France
Autorité des marchés financiers | AMF
Autorité de contrôle prudentiel et de résolution | ACPR
Banca d'Italia | Bank of Italy
Banco de España | Bank of Spain
De Nederlandsche Bank | DNB
Swiss National Bank | SNB
Swiss Financial Market Supervisory Authority | FINMA
Sveriges Riksbank | Riksbank
Norges Bank
Danmarks Nationalbank
Central Bank of Ireland
Bank of Canada
Office of the Superintendent of Financial Institutions | OSFI
FINTRAC
Reserve Bank of Australia | RBA
Australian Prudential Regulation Authority | APRA
Australian Securities and Investments Commission | ASIC
AUSTRAC
Reserve Bank of New Zealand | RBNZ
Financial Markets Authority | FMA
Bank of Japan | BoJ
Financial Services Agency | JFSA
People's Bank of China | PBOC | PBoC
China Banking Regulatory Commission | China Banking and Insurance Regulatory Commission | CBIRC | CBRC
National Financial Regulatory Administration | NFRA
China Securities Regulatory Commission | CSRC
State Administration of Foreign Exchange | SAFE
Hong Kong Monetary Authority | HKMA
Securities and Futures Commission | SFC
Insurance Authority
Monetary Authority of Macao
Bank of Korea | BoK
Financial Services Commission
Financial Supervisory Service
Central Bank of the Republic of China
Reserve Bank of India | RBI
Securities and Exchange Board of India | SEBI
Bank Negara Malaysia | BNM | Central Bank of Malaysia
Securities Commission Malaysia
Bank Indonesia
Bursa Malaysia
Labuan Financial Services Authority | Labuan FSA
Otoritas Jasa Keuangan | OJK
Bank of Thailand | BoT
Bangko Sentral ng Pilipinas | BSP
State Bank of Vietnam | SBV
Central Bank of Myanmar
Autoriti Monetari Brunei Darussalam | AMBD | Brunei Darussalam Central Bank | Currency Board of Brunei
Central Bank of the UAE | CBUAE
Abu Dhabi Global Market | ADGM
Financial Services Regulatory Authority | FSRA
Dubai Financial Services Authority | DFSA
Saudi Central Bank | Saudi Arabian Monetary Authority | SAMA
Qatar Central Bank
Central Bank of Russia | Bank of Russia
Central Bank of Brazil | Banco Central do Brasil
Banco de México | Bank of Mexico
South African Reserve Bank | SARB
Financial Action Task Force | FATF
Asia/Pacific Group on Money Laundering | APG
Egmont Group | Egmont Group of Financial Intelligence Units
Basel Committee on Banking Supervision | Basel Committee | BCBS
Bank for International Settlements | BIS
Committee on Payments and Market Infrastructures | CPMI
Financial Stability Board | FSB
International Monetary Fund | IMF
World Bank
Asian Development Bank | ADB
International Organization of Securities Commissions | International Organisation of Securities Commissions | IOSCO
International Association of Insurance Supervisors | IAIS
Organisation for Economic Co-operation and Development | OECD
United Nations | UN
United Nations Security Council | UN Security Council | UNSC | Security Council
Association of Southeast Asian Nations | ASEAN
World Trade Organization | World Trade Organisation | WTO
G20
Interpol | INTERPOL | International Criminal Police Organization
SWIFT | Society for Worldwide Interbank Financial Telecommunication
Wolfsberg Group
International Sustainability Standards Board | ISSB
Network for Greening the Financial System | NGFS
International Organization for Standardization | ISO
DBS Bank | DBS Bank Ltd | DBS | DBS Group Holdings | Development Bank of Singapore
Post Office Savings Bank | POSB
Oversea-Chinese Banking Corporation | OCBC Bank | OCBC | Oversea-Chinese Banking Corporation Limited
Bank of Singapore
United Overseas Bank | United Overseas Bank Limited | UOB
Citibank | Citi | Citigroup | Citibank Singapore | Citibank N.A.
Standard Chartered | Standard Chartered Bank | StanChart
HSBC | Hongkong and Shanghai Banking Corporation | The Hongkong and Shanghai Banking Corporation Limited | HSBC Holdings
Maybank | Malayan Banking Berhad
CIMB | CIMB Bank
RHB Bank | RHB
Bank of China | BOC
Industrial and Commercial Bank of China | ICBC
China Construction Bank | CCB
Agricultural Bank of China
State Bank of India | SBI
ICICI Bank | ICICI
JPMorgan | J.P. Morgan | JP Morgan | JPMorgan Chase | J.P. Morgan Chase
Goldman Sachs
Morgan Stanley
Bank of America | Bank of America Merrill Lynch | BAML | Merrill Lynch
Wells Fargo
Credit Suisse
UBS
Julius Baer
Deutsche Bank
Commerzbank
BNP Paribas
Société Générale | Societe Generale
Crédit Agricole
Barclays
Lloyds | Lloyds Bank
NatWest | Royal Bank of Scotland | RBS
Santander
Nomura
Mizuho | Mizuho Bank
MUFG | Bank of Tokyo-Mitsubishi UFJ | The Bank of Tokyo-Mitsubishi UFJ | Mitsubishi UFJ
Sumitomo Mitsui Banking Corporation | SMBC
ANZ
Westpac
Commonwealth Bank of Australia
National Australia Bank | NAB
GXS Bank | GXS
MariBank
Anext Bank
Green Link Digital Bank
Grab Holdings | GrabPay
Sea Limited | Shopee
Singtel
StarHub
Revolut
PayPal
Visa Inc
Mastercard
American Express
Binance
Coinbase
Crypto.com
Three Arrows Capital
Terraform Labs
FTX
Wirecard
1MDB | 1Malaysia Development Berhad
BSI Bank
Falcon Private Bank | Falcon Bank
R3 | R3 LLC
ConsenSys
Accenture
IBM
Microsoft
Amazon Web Services | AWS
Google
Deloitte
PricewaterhouseCoopers | PwC
KPMG
Ernst & Young | EY
Moody's
Fitch
Standard & Poor's | S&P
AIA
Prudential Assurance Company
Great Eastern
Manulife
Income Insurance | NTUC Income
Hong Leong Finance
Sing Investments & Finance
Singapura Finance
Lehman Brothers
Barings | Barings Bank
"""


def institutions() -> tuple[tuple[str, ...], ...]:
    """Return each institution as its names, the full one first."""
    return tuple(
        tuple(name.strip() for name in line.split("|"))
        for line in _LINES.strip().splitlines()
        if line.strip()
    )
