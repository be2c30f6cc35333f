// SPDX-License-Identifier: GPL-3.0-or-later
// Statements with names, in a file that people may edit and others may have broken.
#include "store/saved_queries.h"

#include "base/files.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

class SavedQueriesTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path m_store;

private Q_SLOTS:
    void init()
    {
        m_store = m_dir.path().toStdString() + "/gradus.db";
        std::error_code ignored;
        std::filesystem::remove(savedQueriesFile(m_store), ignored);
    }
    void whatIsSaved_readsBackByteForByte()
    {
        QVERIFY(must(savedQueries(m_store)).empty());
        const std::vector<SavedQuery> all{
            {"hazards", "SELECT '\"\\', X'00ff' -- \"\"\" '''\nFROM hazard;\n\t\x7f"},
            {"<b>ümläut</b> \"q\" [x] = 1", "SELECT 1"},
            {std::string(kLongestQueryName, 'n'), std::string(10'000, 'y')},
        };
        for (const SavedQuery& query : all)
            must(saveQuery(m_store, query));
        QCOMPARE(must(savedQueries(m_store)), all);
        must(saveQuery(m_store, {"hazards", "SELECT 2"})); // replaced in its place
        QCOMPARE(must(savedQueries(m_store)).front(), (SavedQuery{"hazards", "SELECT 2"}));
        QCOMPARE(must(savedQuery(m_store, "hazards")), std::string("SELECT 2"));
        must(removeQuery(m_store, "hazards"));
        QCOMPARE(must(savedQueries(m_store)).size(), std::size_t{2});
    }
    void whatIsNoQuery_isRefusedInWords()
    {
        for (const SavedQuery& bad :
             {SavedQuery{"", "SELECT 1"}, SavedQuery{"two\nlines", "SELECT 1"},
              SavedQuery{std::string(81, 'n'), "SELECT 1"}, SavedQuery{"a", " ;\n"}, SavedQuery{"a", "SELECT '\xff'"}})
            QCOMPARE(saveQuery(m_store, bad).error().kind, ErrorKind::BadInput);
        QVERIFY(!std::filesystem::exists(savedQueriesFile(m_store)));
        QCOMPARE(removeQuery(m_store, "a").error().kind, ErrorKind::BadInput);
        must(saveQuery(m_store, {"known", "SELECT 1"}));
        const Error error = savedQuery(m_store, "unknown\x1b[31m").error();
        QVERIFY2(error.message.find("\"known\"") != std::string::npos, error.message.c_str());
        QVERIFY(error.message.find('\x1b') == std::string::npos);
    }
    void aBrokenFile_isNeverOverwritten()
    {
        for (const char* text :
             {"[[query]\n", "query = 3\n", "[[query]]\nname = 1\nsql = 2\n", "[[query]]\nname = \"a\"\n", "\xff\xfe"}) {
            must(writeFileAtomically(savedQueriesFile(m_store), text));
            QVERIFY2(!savedQueries(m_store), text);
            QCOMPARE(saveQuery(m_store, {"a", "SELECT 1"}).error().kind, ErrorKind::BadInput);
            QCOMPARE(must(readFile(savedQueriesFile(m_store))), std::string(text));
        }
    }
};
GRADUS_SUITE(SavedQueriesTest)
#include "saved_queries_test.moc"
