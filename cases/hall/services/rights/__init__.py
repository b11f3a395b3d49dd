"""The rights of a person over their own data (个人信息保护法 44–47): a copy of everything, erasure, the end of an account."""
