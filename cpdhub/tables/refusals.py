"""Why a file is not taken. Each is one sentence that says what it is and what to do."""


class TableRefused(Exception):
    """A file that cannot be read as a table. `str()` is a sentence for the person who sent it."""

    sentence = "This file cannot be read as a table."

    def __str__(self) -> str:
        return self.sentence


class EmptyTable(TableRefused):
    sentence = "The file is empty: there is no row of column names in it."


class NotATable(TableRefused):
    sentence = (
        "This is not a CSV or Excel file. Export the list as CSV or XLSX and choose that file."
    )


class WebPage(TableRefused):
    sentence = (
        "This is a web page, not a table, whatever its name says."
        " Open it in a spreadsheet and save it as CSV or XLSX."
    )


class WrongEncoding(TableRefused):
    sentence = "The file's text cannot be read. Save it again as “CSV UTF-8” and choose that file."


class OldExcel(TableRefused):
    sentence = "This is an old Excel file (.xls). Open it and save it as .xlsx or CSV."


class OpenDocument(TableRefused):
    sentence = "This is an OpenDocument spreadsheet. Open it and save it as .xlsx or CSV."


class Encrypted(TableRefused):
    sentence = "The file is protected with a password. Save a copy without one."


class HasMacros(TableRefused):
    sentence = "The workbook holds macros. Save it as a plain .xlsx file, without macros."


class UnsafeWorkbook(TableRefused):
    sentence = (
        "The workbook would unpack to far more than a list of people needs, so it was not opened."
        " Copy the list into a new workbook, or save it as CSV."
    )


class DamagedWorkbook(TableRefused):
    sentence = "The workbook is damaged. Open it in a spreadsheet, save it again and try that file."


class TookTooLong(TableRefused):
    sentence = "Reading the file took too long, so we stopped. Save the list as CSV and try again."


class TooManyRows(TableRefused):
    def __init__(self, most: int) -> None:
        self.sentence = f"The file has more than {most:,} rows. Split it into smaller files."


class TooManyColumns(TableRefused):
    def __init__(self, most: int) -> None:
        self.sentence = f"The file has more than {most:,} columns. Keep only those you need."


class CellTooLong(TableRefused):
    def __init__(self, line: int) -> None:
        self.sentence = (
            f"A cell that begins near line {line} never ends: a quotation mark is probably missing."
        )
