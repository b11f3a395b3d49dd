"""Writes a small invented city's folder: two halls, a zone, three shared items with a variant, one case of each kind."""

import datetime

ID_B = "11010519491231002X"
USCC = "91349910TEXTA00112"
ITEM_HEAD = (
    "code_suffix,name,type,department,levels,audience,theme,life_event,statutory_days,statutory_unit,promised_days,promised_unit,kind,"
    "materials,result,legal_basis,online_depth,proxy_allowed,bookable,aliases,limit_note,demonstration"
)
PASSWORD = "Invented-2026"


def write(folder):
    """Write every file and return the folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _calendar():
    lines = ["date,is_workday,name,official"]
    day = datetime.date(2026, 1, 1)
    while day.year == 2026:
        is_workday = day.weekday() < 5
        lines.append(f"{day},{int(is_workday)},{'' if is_workday else '周末'},no")
        day += datetime.timedelta(days=1)
    return "\n".join(lines) + "\n"


def _hall(key, level, takes, number):
    return f"""- key: {key}
  label: {key}
  name: {key}网上办事大厅
  short_name: {key}
  level: {level}
  takes: [{takes}]
  division_code: "34991{number}"
  case_prefix: "34991{number}"
  document_prefix: 示({number})
  department_prefix: 示例{number}
  opened_on: 2026-01-01
  position: {number + 2}
  uscc: 11450721MB15580811
  address: 〔地址待填〕
  theme: {{brand: "#0D5B57", dark: "#08413E", soft: "#E3F1EF", ink: "#0B524F", accent: "#C9A24B", motif: "M24 24h80v80"}}
"""


def _staff(hall, number):
    posts = [
        ("clerk", "window"),
        ("clerk", "approver"),
        ("clerk", "head"),
        ("branch_staff", ""),
        ("hall_admin", ""),
    ]
    lines = []
    for position, (role, post) in enumerate(posts):
        name = f"{hall}_{post or role}"
        lines.append(
            f'- {{username: {name}, password: {PASSWORD}, role: {role}, hall: {hall}, post: "{post}", name: 工作人员,'
            f' phone: "1390001{number}{position:03d}", id_number: "{ID_B}"}}'
        )
    return "\n".join(lines)


FILES = {
    "city.yaml": """name: 另一市
code: "349910"
service_name: 另一市政务服务
portal_name: 另一市网上办事大厅
hotline: "12345"
area_code: "0500"
portal_domain: other.localhost
item_origin: "35"
local_origin: "99"
demonstration: true
online_items: 6
theme: {brand: "#24302C", dark: "#141C19", soft: "#EDF0ED", ink: "#24302C", accent: "#C9A24B"}
""",
    "halls.yaml": _hall("north", "county", "county, town", 1) + _hall("south", "zone", "zone", 2),
    "divisions.csv": "code,name,kind,county_code,county_name,hall,certain,note\n349911100,北镇,镇,349911,北县,north,yes,\n",
    "calendar.csv": _calendar(),
    "years.csv": "year,published,notice\n2026,yes,示例通知\n2027,no,还没公布\n",
    "expected_holidays.csv": "date,name\n2027-02-05,春节\n",
    "themes.csv": (
        "list,code,name,audience,order,maps_to\nnational_personal,005,生育收养,personal,1,\n"
        "national_business,010,准营准办,business,2,\nlife_event_personal,LP01,出生,personal,1,\n"
    ),
    "departments.csv": "short_name,code,full_name\n卫健委,23,{prefix}卫生健康委员会\n市场监管局,31,{prefix}市场监督管理局\n",
    "items.csv": f"""{ITEM_HEAD}
2023001000,出生登记,20,卫健委,county/town,personal,生育收养,出生,,working,0,working,instant,身份证;结婚证?,登记凭证,示例条例第三条,4,yes,yes,上户口,,
0131001000,开店许可,01,市场监管局,county,business,准营准办,,20,working,10,working,promised,申请表;营业执照;管理制度,开店许可证,示例法第二条;国办发〔2026〕1号,3,yes,yes,,,promised_days
0123002000,窗口核对,07,卫健委,county,personal,生育收养,出生,30,natural,20,working,promised,申请表;身份证,核对结果,示例条例,2,no,no,,,
""",
    "variants.csv": (
        "code_suffix,serial,handling,word,name,promised_days,materials,result,online_depth\n"
        "0131001000,01,change,变更,开店许可（变更）,5,申请表;营业执照,,4\n"
    ),
    "materials.csv": """name,key,type,form,source,originals,copies,necessity,exempt_by,note
身份证,id_card,certificate,both,government,1,1,required,,正反面
结婚证,marriage_certificate,certificate,both,government,1,1,required,,
申请表,application_form,form,both,applicant,1,0,required,网上填表,不用另传
营业执照,business_licence,certificate,both,government,1,1,required,电子证照,
管理制度,rules,other,both,applicant,0,1,required,,
""",
    "fees.csv": "code_suffix,key,name,standard,amount,basis,online\n0131001000,fee,许可费,20 元/件,20,示例收费文件,no\n",
    "completion.yaml": """demonstration: [steps]
theme_pairs: {}
themes: {add: []}
zone:
  - {levels: [county], audience: [business]}
service_objects: {personal: ["1"], business: ["2"], both: ["1", "2"]}
channels: {add: [{when: {}, value: window}, {when: {online_depth: [3, 4]}, value: online}]}
online_steps: {first: [{when: {online_depth: [4]}, value: ["1", "4"]}, {when: {}, value: ["1"]}]}
who: {personal: 个人, business: 企业, both: 都}
summary: {first: [{when: {handling: [change]}, text: "“{parent}”的变更"}, {when: {}, text: "{who}到{department}办"}]}
conditions: {add: [{when: {type: ["01"]}, text: "符合“{law}”"}]}
steps:
  instant: [{key: apply, name: 申请, role: 申请人}, {key: decide, name: 当场办理, role: 窗口}]
  promised: [{key: apply, name: 申请, role: 申请人}, {key: review, name: 审查, role: 审批}, {key: decide, name: 决定, role: 负责人}]
  decision_share: 3
legal_basis_text: 以公布的文本为准
special_procedures: {add: [{when: {name_has: [开店]}, key: site_survey, kind: 现场勘验, days: 5, basis: 示例}]}
result_kind: {first: [{when: {result_has: [证]}, value: licence}, {when: {}, value: other}]}
result_electronic: {first: [{when: {result_has: [证]}, value: true}, {when: {}, value: false}]}
result_validity: {first: [{when: {}, value: ""}]}
service_scope: {first: [{when: {}, value: 全县}]}
identity_level: {first: [{when: {}, value: 1}]}
visits: {first: [{when: {online_depth: [4]}, value: 0, reason: ""}, {when: {}, value: 1, reason: 核对原件}]}
delivery: {add: [{when: {}, value: window}, {when: {result_electronic: [true]}, value: electronic}]}
tolerance: [{when: {type: ["01"]}, materials: [管理制度], grace_days: 15}]
pledge: {first: [{when: {}, value: false}]}
material_defaults:
  certificate: {spec: 拍清楚, acceptance: 有效}
  form: {spec: 填好, acceptance: 没漏}
  other: {spec: 清楚, acceptance: 一致}
guide_text: {first: [{when: {}, text: 网上办}]}
faq: {add: [{when: {}, key: progress, question: 怎么看进度, answer: 看我的办件}]}
window_name: "{department}窗口"
""",
    "forms.yaml": """fields:
  town: {label: 住哪里, type: division, section: 住址}
  kind: {label: 情形, type: choice, choices: {a: 甲, b: 乙}}
  note: {label: 说明, type: text, required: false}
forms:
  plain: [town, kind, {use: note, as: remark, label: 备注}]
  change: [note]
assign:
  - {when: {handling: [change]}, form: change}
  - {when: {}, form: plain}
""",
    "details.yaml": '"35202300100000": {summary: 单独写的一句, material_notes: {结婚证: 没有就不交}}\n',
    "overrides.yaml": """north:
  - {code: "35013100100000", field: promised_days, value: 6, reason: 提速, author: north_branch_staff}
  - {code: "35202300100000", field: materials.id_card, value: {exempt: true, exempt_by: 数据共享}, reason: 联通, author: north_branch_staff}
  - {code: "35012300200000", field: can_book, value: true, reason: 窗口可约, author: north_branch_staff}
south:
  - {code: "35013100100001", field: hidden, value: true, reason: 没有这项权力, author: south_branch_staff}
""",
    "local_items.yaml": """defaults:
  type: "20"
  theme: 准营准办
  promised_unit: working
  statutory_unit: working
  legal_basis: 本厅承诺
  online_depth: 4
  proxy_allowed: "yes"
  bookable: "yes"
halls:
  north:
    - {code: "99203100100000", name: 早市摊位登记, department: 市场监管局, audience: business, promised_days: 2, materials: [营业执照], result: 登记凭证, form: plain}
""",
    "bundles.yaml": """- key: open-shop
  name: 开店一件事
  summary: 开店要办的
  audience: business
  steps:
    - {code: "35013100100000"}
    - {code: "35202300100000", when: 有孩子的}
""",
    "companies.yaml": f"- {{key: shop, name: 示例小店, uscc: {USCC}}}\n",
    "people.yaml": "\n".join(
        [
            "# invented",
            f'- {{username: farmer, password: {PASSWORD}, role: citizen, hall: north, name: 群众甲, phone: "13900019001", id_number: "{ID_B}", town: "349911100"}}',
            f'- {{username: keeper, password: {PASSWORD}, role: citizen, hall: north, name: 店主, phone: "13900019002", id_number: "{ID_B}", company: shop}}',
            _staff("north", 1),
            _staff("south", 2),
            "",
        ]
    ),
    "cases.yaml": """- hall: north
  item: "35202300100000"
  applicant: farmer
  delivery: window
  answers: {town: "349911100", kind: a}
  steps:
    - {action: submit, by: farmer, ago: 3, time: "09:10"}
    - {action: complete, by: north_window, ago: 3, time: "09:40"}
- hall: north
  item: "35013100100000"
  applicant: keeper
  company: shop
  answers: {town: "349911100", kind: b}
  steps:
    - {action: submit, by: keeper, ago: 6, time: "09:10"}
    - {action: accept, by: north_window, ago: 6, time: "10:10"}
- hall: north
  item: "35202300100000"
  applicant: keeper
  answers: {kind: a}
  steps:
    - {action: draft, by: keeper, ago: 1, time: "20:00"}
""",
}
