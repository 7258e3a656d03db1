"""The table behind `known.py`: one line an institution, its name, then its aliases, parted by bars."""

NAMES: dict[str, str] = {
    "ministry": """
        Ministry of Communications and Information|MCI
        Ministry of Culture, Community and Youth|MCCY
        Ministry of Defence|MINDEF
        Ministry of Digital Development and Information|MDDI
        Ministry of Education
        Ministry of Finance|MOF
        Ministry of Foreign Affairs|MFA
        Ministry of Health|MOH
        Ministry of Home Affairs|MHA
        Ministry of Law|MinLaw
        Ministry of Manpower|MOM
        Ministry of National Development|MND
        Ministry of Social and Family Development|MSF
        Ministry of Sustainability and the Environment|MSE
        Ministry of Trade and Industry|MTI
        Ministry of Transport|MOT
        Prime Minister's Office|PMO
        HM Treasury|His Majesty's Treasury|Her Majesty's Treasury
        United States Department of the Treasury|US Treasury|U.S. Treasury|US Department of the Treasury
    """,
    "agency": """
        Accounting and Corporate Regulatory Authority|ACRA
        Attorney-General's Chambers|AGC
        Building and Construction Authority|BCA
        Central Depository|Central Depository (Pte) Limited|CDP
        Central Narcotics Bureau|CNB
        Central Provident Fund Board|CPF Board|CPFB
        Civil Aviation Authority of Singapore|CAAS
        Commercial Affairs Department|CAD
        Competition and Consumer Commission of Singapore|CCCS
        Consumers Association of Singapore|CASE
        Corrupt Practices Investigation Bureau|CPIB
        Credit Bureau Singapore
        Cyber Security Agency of Singapore|CSA|Cyber Security Agency
        Department of Statistics
        Economic Development Board|EDB
        Energy Market Authority|EMA
        Enterprise Singapore|EnterpriseSG
        Financial Industry Disputes Resolution Centre|FIDReC
        Gambling Regulatory Authority|GRA
        Government Technology Agency|GovTech
        Housing and Development Board|Housing Development Board|HDB
        Immigration and Checkpoints Authority|ICA
        Infocomm Media Development Authority|IMDA
        Info-communications Media Development Authority
        Inland Revenue Authority of Singapore|IRAS
        Insolvency and Public Trustee's Office|IPTO
        Intellectual Property Office of Singapore|IPOS
        Jurong Town Corporation|JTC
        Land Transport Authority|LTA
        Maritime and Port Authority of Singapore|MPA
        Media Development Authority
        National Environment Agency|NEA
        Personal Data Protection Commission|PDPC
        Policy Owners' Protection Fund
        Public Service Commission|PSC
        Public Utilities Board|PUB
        Securities Industry Council|SIC
        Singapore Customs
        Singapore Deposit Insurance Corporation|SDIC|Singapore Deposit Insurance Corporation Limited
        Singapore Land Authority
        Singapore Police Force|SPF
        Singapore Tourism Board|STB
        Suspicious Transaction Reporting Office|STRO
        Urban Redevelopment Authority|URA
        Anti-Scam Centre
        Law Society of Singapore
        Institute of Singapore Chartered Accountants|ISCA
        Association of Banks in Singapore|ABS
        Life Insurance Association of Singapore|LIA
        General Insurance Association of Singapore|GIA
        Singapore FinTech Association
        Securities Association of Singapore
        Investment Management Association of Singapore|IMAS
        Institute of Banking and Finance|IBF
        Temasek Holdings|Temasek
        GIC Private Limited|GIC
        Global Finance and Technology Network|GFTN
        Federal Deposit Insurance Corporation|FDIC
        Federal Bureau of Investigation|FBI
        Financial Crimes Enforcement Network|FinCEN
        Office of Foreign Assets Control|OFAC
        Office of the Comptroller of the Currency|OCC
        National Crime Agency|NCA
        Serious Fraud Office
        Interpol|INTERPOL
        Europol
    """,
    "court": """
        Court of Appeal
        Appellate Division of the High Court
        General Division of the High Court
        High Court
        Supreme Court
        State Courts
        District Court
        Magistrate's Court
        Family Justice Courts
        Small Claims Tribunals
        Singapore International Commercial Court|SICC
        Singapore International Arbitration Centre|SIAC
        Singapore International Mediation Centre
        European Court of Justice|Court of Justice of the European Union
        International Court of Justice
    """,
    "standard setter": """
        Asia/Pacific Group on Money Laundering|APG
        Asian Development Bank|ADB
        Asian Infrastructure Investment Bank|AIIB
        Association of Southeast Asian Nations|ASEAN
        Bank for International Settlements|BIS
        Basel Committee on Banking Supervision|BCBS|Basel Committee
        Committee on Payments and Market Infrastructures|CPMI
        Egmont Group
        European Bank for Reconstruction and Development|EBRD
        Financial Action Task Force|FATF
        Financial Stability Board|FSB
        Global Financial Innovation Network|GFIN
        International Accounting Standards Board|IASB
        International Association of Insurance Supervisors|IAIS
        International Bank for Reconstruction and Development|IBRD
        International Monetary Fund|IMF
        International Organisation of Securities Commissions|IOSCO
        International Organisation for Standardisation|ISO
        International Sustainability Standards Board|ISSB
        International Swaps and Derivatives Association|ISDA
        International Maritime Organisation
        Network for Greening the Financial System|NGFS
        North Atlantic Treaty Organisation|NATO
        Organisation for Economic Co-operation and Development|OECD
        Organisation for Security and Co-operation in Europe|OSCE
        Organization of the Petroleum Exporting Countries|OPEC
        Society for Worldwide Interbank Financial Telecommunication|SWIFT
        Task Force on Climate-related Financial Disclosures|TCFD
        United Nations|UN
        United Nations Security Council|Security Council of the United Nations|UN Security Council|UNSC
        Wolfsberg Group
        World Bank
        World Bank Group
        World Health Organisation|WHO
        World Trade Organisation|WTO
        Financial Accounting Standards Board|FASB
        Public Company Accounting Oversight Board|PCAOB
    """,
    "central bank": """
        Bank of England
        Bank of Canada
        Bank of Japan|BOJ
        Bank of Korea|BOK
        Bank of Thailand
        Bank Indonesia
        Bank Negara Malaysia|BNM|Central Bank of Malaysia
        Bangko Sentral ng Pilipinas|BSP
        Banque de France
        Central Bank of Brazil|Banco Central do Brasil
        Central Bank of Brunei
        Central Bank of Ireland
        Central Bank of Myanmar
        Central Bank of Sri Lanka
        Central Bank of the Republic of China
        Central Bank of the United Arab Emirates
        Central Bank of Russia|Bank of Russia
        Deutsche Bundesbank|Bundesbank
        European Central Bank|ECB
        Federal Reserve System|Federal Reserve|US Federal Reserve|Federal Reserve Board|the Fed
        Federal Reserve Bank of New York
        Hong Kong Monetary Authority|HKMA
        Monetary Authority of Macao
        National Bank of Cambodia
        Norges Bank
        People's Bank of China|PBOC|PBoC
        Reserve Bank of Australia|RBA
        Reserve Bank of India|RBI
        Reserve Bank of New Zealand|RBNZ
        Saudi Central Bank|SAMA
        South African Reserve Bank
        State Bank of Vietnam
        Sveriges Riksbank|Riksbank
        Swiss National Bank
        Board of Commissioners of Currency, Singapore|Board of Commissioners of Currency
    """,
    "authority": """
        Australian Prudential Regulation Authority|APRA
        Australian Securities and Investments Commission|ASIC
        Australian Transaction Reports and Analysis Centre|AUSTRAC
        Autoriti Monetari Brunei Darussalam
        Autorité de contrôle prudentiel et de résolution|ACPR
        Autorité des marchés financiers|AMF
        Bundesanstalt für Finanzdienstleistungsaufsicht|BaFin|Federal Financial Supervisory Authority
        China Banking and Insurance Regulatory Commission|CBIRC
        China Securities Regulatory Commission|CSRC
        Commission de Surveillance du Secteur Financier|CSSF
        Commodity Futures Trading Commission|CFTC
        Cayman Islands Monetary Authority|CIMA
        Consumer Financial Protection Bureau|CFPB
        Dubai Financial Services Authority|DFSA
        European Banking Authority|EBA
        European Commission
        European Insurance and Occupational Pensions Authority|EIOPA
        European Securities and Markets Authority|ESMA
        Financial Conduct Authority|FCA
        Financial Industry Regulatory Authority|FINRA
        Financial Services Agency|Japan Financial Services Agency|JFSA
        Financial Services Authority
        Financial Services Commission
        Financial Services Regulatory Authority|FSRA
        Financial Supervisory Commission
        Financial Supervisory Service
        Financial Intelligence Centre
        Jersey Financial Services Commission
        Guernsey Financial Services Commission
        Insurance Authority
        Labuan Financial Services Authority|Labuan FSA
        Otoritas Jasa Keuangan|OJK
        Prudential Regulation Authority|PRA
        Securities and Exchange Board of India|SEBI
        Securities and Exchange Commission|SEC|US Securities and Exchange Commission
        Securities and Futures Commission|SFC
        Securities Commission Malaysia|Securities Commission
        Swiss Financial Market Supervisory Authority|FINMA
        Virtual Assets Regulatory Authority|VARA
        Financial Market Authority
        Financial Markets Authority|FMA
        National Administration of Financial Regulation
    """,
    "bank": """
        DBS Bank|DBS|DBS Bank Ltd|DBS Bank Ltd.
        DBS Group Holdings|DBS Group|DBS Group Holdings Ltd
        POSB|POSB Bank|Post Office Savings Bank
        Oversea-Chinese Banking Corporation|OCBC|OCBC Bank|Oversea-Chinese Banking Corporation Limited
        United Overseas Bank|UOB|United Overseas Bank Limited
        Bank of Singapore|Bank of Singapore Limited
        Standard Chartered Bank|Standard Chartered|StanChart
        Standard Chartered Bank (Singapore) Limited
        Hongkong and Shanghai Banking Corporation|HSBC|The Hongkong and Shanghai Banking Corporation Limited
        HSBC Bank (Singapore) Limited
        Citibank|Citi|Citigroup|Citibank N.A.
        Citibank Singapore Limited
        Maybank|Malayan Banking Berhad
        Maybank Singapore Limited
        CIMB Bank|CIMB|CIMB Bank Berhad
        RHB Bank|RHB
        Hong Leong Bank
        Hong Leong Finance
        Bank of America|BofA|Bank of America Merrill Lynch|BAML
        Bank of China
        Bank of East Asia
        Bank of Communications
        Bank of India
        State Bank of India
        ICICI Bank
        HDFC Bank
        Industrial and Commercial Bank of China|ICBC
        China Construction Bank|CCB
        Agricultural Bank of China
        China Merchants Bank
        BNP Paribas
        Société Générale|Societe Generale
        Crédit Agricole|Credit Agricole
        Credit Suisse
        UBS
        Julius Baer
        Lombard Odier
        Deutsche Bank
        Commerzbank
        Barclays
        Lloyds Bank
        NatWest
        ING Bank|ING
        ANZ|Australia and New Zealand Banking Group
        Commonwealth Bank of Australia
        National Australia Bank
        Westpac
        Goldman Sachs
        JPMorgan|J.P. Morgan|JP Morgan|JPMorgan Chase|JPMorgan Chase Bank
        Morgan Stanley
        Wells Fargo
        State Street
        Northern Trust
        Mizuho Bank|Mizuho
        MUFG Bank|MUFG
        Sumitomo Mitsui Banking Corporation|SMBC
        Nomura
        Silicon Valley Bank
        Wirecard
        Trust Bank|Trust Bank Singapore
        GXS Bank|GXS
        MariBank
        ANEXT Bank
        Green Link Digital Bank
        Revolut
        Wise
        Lehman Brothers
        BSI Bank
        Falcon Private Bank
        Barings Bank|Barings
    """,
    "company": """
        Singapore Exchange|SGX|Singapore Exchange Limited
        Singapore Exchange Securities Trading Limited|SGX-ST
        Singapore Exchange Derivatives Trading Limited|SGX-DT
        Singapore Exchange Derivatives Clearing Limited|SGX-DC
        Stock Exchange of Singapore Limited|Stock Exchange of Singapore
        Singapore International Monetary Exchange Limited|Singapore International Monetary Exchange|SIMEX
        Network for Electronic Transfers (Singapore) Pte Ltd|NETS|Network for Electronic Transfers
        Singapore Clearing House Pte Ltd
        Banking Computer Services|BCS
        Asia Pacific Exchange|APEX
        ICE Futures Singapore
        Hong Kong Exchanges and Clearing|HKEX
        New York Stock Exchange|NYSE
        NASDAQ|Nasdaq
        London Stock Exchange|LSE
        Japan Exchange Group
        Bursa Malaysia
        Great Eastern|Great Eastern Life
        Prudential Assurance Company Singapore|Prudential Singapore
        NTUC Income|Income Insurance
        AIA Singapore|AIA
        Manulife
        AXA
        Allianz
        Zurich Insurance
        Grab|GrabPay|Grab Holdings
        GrabPay Pte Ltd
        Shopee|ShopeePay
        Razer Pay
        YouTrip
        Singtel
        Visa
        Mastercard
        American Express|Amex
        PayPal
        Stripe
        Adyen
        Ant Group
        Alipay
        WeChat Pay
        Western Union
        MoneyGram
        Coinbase
        Binance
        Crypto.com
        FTX
        Three Arrows Capital
        Terraform Labs
        Ripple
        BlackRock
        Vanguard
        Fidelity
        Deloitte
        KPMG
        PricewaterhouseCoopers|PwC
        Ernst & Young|EY
        Accenture
        R3
        Chainalysis
        1MDB
    """,
}
