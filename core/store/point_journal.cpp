// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/point_journal.h"

#include "store/database.h"
#include "store/record_writer.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::store {

namespace {

constexpr char kMagic[8] = {'G', 'R', 'D', 'P', 'T', 'S', '1', '\n'};
constexpr const char* kSuffix = "-points-"; // behind the store's name, before the process
constexpr std::size_t kLongestName = 4096;

/// Which file a path names; 0: none. Numbers of devices may differ after a restart.
std::uint64_t identityOf(const std::filesystem::path& file)
{
    struct stat entry = {};
    return ::stat(file.c_str(), &entry) == 0 ? entry.st_ino : 0;
}

/// The first page of the file.
struct Header
{
    char magic[8];
    std::uint64_t store;                ///< inode: the name may be another file's by now
    std::atomic<std::uint64_t> used[2]; ///< bytes of each half that count
    std::atomic<std::uint64_t> fill[2]; ///< how often each was filled: pages reach the disk one by one
    std::atomic<std::uint32_t> filling; ///< the half that is newer
};
constexpr std::size_t kHeader = 4096;
static_assert(sizeof(Header) <= kHeader && std::atomic<std::uint64_t>::is_always_lock_free);

enum class Kind : std::uint32_t
{
    Name = 1,
    Point = 2,
};

/// Begins every record; a name's bytes follow it, filled up to a multiple of eight.
struct Record
{
    Kind kind;
    std::uint32_t index;  ///< of the series in this half
    std::int64_t step;    ///< of a name: the run
    double wall;          ///< of a name: nothing
    double value;         ///< of a name: nothing
    std::uint32_t length; ///< of a name's bytes
    std::uint32_t check;  ///< over all the rest
};
static_assert(sizeof(Record) == 40);

/// FNV-1a over eight bytes at a time: it tells a torn record from a whole one.
std::uint64_t mixed(const void* bytes, std::size_t size, std::uint64_t hash = 0xcbf29ce484222325)
{
    const auto* at = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < size; i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at + i, std::min<std::size_t>(8, size - i));
        hash = (hash ^ word) * 0x100000001b3;
        hash ^= hash >> 29;
    }
    return hash;
}

/// A record of one filling is none of the next.
std::uint32_t checkOf(Record record, std::string_view name, std::uint64_t fill)
{
    record.check = 0;
    const std::uint64_t hash =
        mixed(name.data(), name.size(), mixed(&record, sizeof record, mixed(&fill, sizeof fill)));
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

std::size_t padded(std::size_t size)
{
    return (size + 7) / 8 * 8;
}

std::size_t wholeSize()
{
    return kHeader + 2 * PointJournal::kHalf;
}

struct Named
{
    std::int64_t runId = 0;
    std::string series;
    friend auto operator<=>(const Named&, const Named&) = default;
};
using Points = std::map<Named, std::vector<PointRow>>;

/// As far as the checks hold. The bytes are nobody's to trust.
void readHalf(std::string_view half, std::uint64_t fill, Points& points)
{
    std::map<std::uint32_t, Named> names;
    while (half.size() >= sizeof(Record)) {
        Record record{};
        std::memcpy(&record, half.data(), sizeof record);
        half.remove_prefix(sizeof record);
        const bool isName = record.kind == Kind::Name;
        if (!isName && record.kind != Kind::Point) return;
        const std::size_t length = isName ? record.length : 0;
        if (length > kLongestName || padded(length) > half.size()) return;
        const std::string_view name = half.substr(0, length);
        if (record.check != checkOf(record, name, fill)) return;
        half.remove_prefix(padded(length));
        if (isName) {
            names[record.index] = {record.step, std::string(name)};
            continue;
        }
        const auto named = names.find(record.index);
        if (named == names.end()) return;
        points[named->second].push_back({record.step, record.wall, record.value});
    }
}

/// A journal of a process that is gone: whoever fills one holds its lock, and the kernel lets go of it with the
/// process.
class LeftJournal final
{
public:
    explicit LeftJournal(const std::filesystem::path& file)
        : m_descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK))
    {
        if (m_descriptor >= 0 && ::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0) return;
        close();
    }
    ~LeftJournal() { close(); }
    LeftJournal(const LeftJournal&) = delete;
    LeftJournal& operator=(const LeftJournal&) = delete;

    /// The older half first; nothing where it is somebody's, was taken up meanwhile, or belongs to another store.
    std::optional<Points> read(const std::filesystem::path& store) const
    {
        struct stat entry = {};
        if (m_descriptor < 0 || ::fstat(m_descriptor, &entry) != 0 || !S_ISREG(entry.st_mode) || entry.st_nlink == 0 ||
            entry.st_size != static_cast<off_t>(wholeSize()))
            return std::nullopt;
        std::string bytes(wholeSize(), '\0');
        if (::pread(m_descriptor, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
            return std::nullopt;
        Header header{};
        std::memcpy(static_cast<void*>(&header), bytes.data(), sizeof header);
        if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.store != identityOf(store))
            return std::nullopt;
        Points points;
        const std::size_t newer = header.filling.load() & 1;
        for (const std::size_t half : {1 - newer, newer}) {
            const std::uint64_t used = header.used[half].load();
            if (used > PointJournal::kHalf) continue;
            readHalf(std::string_view(bytes).substr(kHeader + half * PointJournal::kHalf, used),
                     header.fill[half].load(), points);
        }
        return points;
    }

private:
    void close()
    {
        if (m_descriptor >= 0) ::close(m_descriptor);
        m_descriptor = -1;
    }

    int m_descriptor;
};

std::vector<std::filesystem::path> journalsOf(const std::filesystem::path& store)
{
    const std::filesystem::path folder = store.has_parent_path() ? store.parent_path() : ".";
    const std::string prefix = store.filename().string() + kSuffix;
    std::vector<std::filesystem::path> files;
    std::error_code code;
    for (std::filesystem::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
        if (entry->path().filename().string().starts_with(prefix)) files.push_back(entry->path());
    return files;
}

Result<std::int64_t> commit(Database& database, Points& points)
{
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    std::int64_t count = 0;
    for (auto& [named, rows] : points) {
        auto run = database.prepare("SELECT 1 FROM run WHERE id = ?1");
        if (!run) return run.error();
        const auto there = run->bind(named.runId).step();
        if (!there) return there.error();
        if (!*there) continue;
        const auto series = seriesIdOf(database, named.runId, named.series);
        if (!series) return series.error();
        count += static_cast<std::int64_t>(rows.size());
        if (auto done = writePoints(database, *series, rows); !done) return done.error();
    }
    if (auto done = transaction->commit(); !done) return done.error();
    return count;
}

} // namespace

/// The file as it is mapped.
struct PointJournal::Mapping
{
    Header header;

    std::byte* half(std::size_t which) { return reinterpret_cast<std::byte*>(this) + kHeader + which * kHalf; }
};

std::optional<PointJournal> PointJournal::create(const std::filesystem::path& store)
{
    static std::atomic<int> made{0};
    constexpr int kTries = 100; // containers give their processes the same few numbers
    std::filesystem::path file;
    int descriptor = -1;
    for (int i = 0; i < kTries && descriptor < 0; ++i) {
        file = store.string() + kSuffix + std::to_string(::getpid()) + "-" + std::to_string(made.fetch_add(1));
        descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0 && errno != EEXIST) return std::nullopt;
    }
    if (descriptor < 0) return std::nullopt;
    // The room is taken now: a page of a mapping that the disk has no room for ends the process when it is touched.
    void* mapping = MAP_FAILED;
    if (::flock(descriptor, LOCK_EX) == 0 && // who looks through leftovers holds it for a moment
        ::posix_fallocate(descriptor, 0, static_cast<off_t>(wholeSize())) == 0)
        mapping = ::mmap(nullptr, wholeSize(), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapping == MAP_FAILED) {
        ::unlink(file.c_str());
        ::close(descriptor);
        return std::nullopt;
    }
    auto* mapped = static_cast<Mapping*>(mapping);
    mapped->header.store = identityOf(store);
    for (std::atomic<std::uint64_t>& fill : mapped->header.fill)
        fill.store(1);
    std::memcpy(mapped->header.magic, kMagic, sizeof kMagic); // last: the rest counts from here on
    return PointJournal(mapped, descriptor, std::move(file));
}

PointJournal::PointJournal(Mapping* mapping, int descriptor, std::filesystem::path file)
    : m_mapping(mapping), m_descriptor(descriptor), m_file(std::move(file))
{
}

PointJournal::PointJournal(PointJournal&& other) noexcept
    : m_mapping(std::exchange(other.m_mapping, nullptr)), m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_file(std::move(other.m_file)), m_fill(other.m_fill), m_named(other.m_named), m_half(other.m_half),
      m_isKept(other.m_isKept)
{
}

PointJournal::~PointJournal()
{
    if (m_mapping == nullptr) return;
    ::munmap(m_mapping, wholeSize());
    if (!m_isKept) ::unlink(m_file.c_str());
    ::close(m_descriptor); // with it goes the lock
}

bool PointJournal::append(JournalPlace& place, std::int64_t runId, const std::string& series, const PointRow& point)
{
    if (series.size() > kLongestName) return true;
    std::atomic<std::uint64_t>& used = m_mapping->header.used[m_half];
    std::uint64_t end = used.load(std::memory_order_relaxed);
    const bool isNamed = place.fill[m_half] == m_fill[m_half];
    const std::size_t nameSize = isNamed ? 0 : sizeof(Record) + padded(series.size());
    if (end + nameSize + sizeof(Record) > kHalf) return false;
    std::byte* const half = m_mapping->half(m_half);
    const auto put = [&](Record record, std::string_view name) {
        record.check = checkOf(record, name, m_fill[m_half]);
        std::memcpy(half + end, &record, sizeof record);
        if (!name.empty()) std::memcpy(half + end + sizeof record, name.data(), name.size());
        end += sizeof record + padded(name.size());
    };
    if (!isNamed) {
        place.fill[m_half] = m_fill[m_half];
        place.index[m_half] = m_named[m_half]++;
        put({Kind::Name, place.index[m_half], runId, 0, 0, static_cast<std::uint32_t>(series.size()), 0}, series);
    }
    put({Kind::Point, place.index[m_half], point.step, point.wall, point.value, 0, 0}, {});
    used.store(end, std::memory_order_release); // only whole records count
    return true;
}

void PointJournal::turn()
{
    m_half = 1 - m_half;
    m_mapping->header.filling.store(static_cast<std::uint32_t>(m_half), std::memory_order_release);
}

void PointJournal::forgetTurned()
{
    const std::size_t turned = 1 - m_half;
    m_mapping->header.used[turned].store(0, std::memory_order_release);
    m_mapping->header.fill[turned].store(++m_fill[turned], std::memory_order_release);
    m_named[turned] = 0;
}

bool hasPointJournals(const std::filesystem::path& store)
{
    return !journalsOf(store).empty();
}

Result<std::int64_t> takeUpPoints(Database& database, const std::filesystem::path& store)
{
    std::int64_t count = 0;
    for (const std::filesystem::path& file : journalsOf(store)) {
        const LeftJournal left(file); // its lock is held until it is removed: nobody else takes it up meanwhile
        auto points = left.read(store);
        if (!points) continue;
        if (!points->empty()) {
            const auto taken = commit(database, *points);
            if (!taken && database.wasBusy()) return count; // who writes next takes them up
            if (!taken) return taken.error();
            count += *taken;
        }
        std::error_code code;
        std::filesystem::remove(file, code);
    }
    return count;
}

} // namespace gradus::store
