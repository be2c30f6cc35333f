// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/archive.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <map>

#include <zip.h>
#include <zstd.h>

namespace gradus::inspect {

namespace {

constexpr std::size_t kBlock = 64 << 10;
constexpr zip_uint16_t kZstd = 93;
constexpr std::size_t largestWindow = 27; ///< as a power of two: what a zstd frame may ask to be kept in memory

struct CloseFile
{
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct Discard
{
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeStream
{
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

/// Absolute, with a step upwards, or with what no file name has.
bool leadsOut(const std::string& name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos) return true;
    if (name.size() > 1 && name[1] == ':') return true;
    const std::string framed = "/" + name + "/";
    return framed.find("/../") != std::string::npos;
}

} // namespace

struct Archive::State
{
    std::string path;
    std::unique_ptr<zip_t, Discard> zip;
    std::vector<std::string> names;
    std::map<std::string, zip_uint64_t> numbers;

    Error wrong(const std::string& name, const std::string& what) const
    {
        return badInput("The log " + visible(path) + " cannot be read: its member " + visible(name, 80) + " " + what);
    }
    Error tooLarge(const std::string& name) const
    {
        return wrong(name, "is larger than " + std::to_string(mostMemberBytes >> 20) + " MiB when it is unpacked.");
    }

    /// Bytes as they lie in the archive (raw) or unpacked by libzip.
    Result<std::string> bytes(const std::string& name, zip_uint64_t number, bool raw) const
    {
        const std::unique_ptr<zip_file_t, CloseFile> file(
            zip_fopen_index(zip.get(), number, raw ? ZIP_FL_COMPRESSED : 0));
        if (!file) return wrong(name, "cannot be opened: " + std::string(zip_strerror(zip.get())) + ".");
        std::string all;
        std::array<char, kBlock> block;
        for (;;) {
            const zip_int64_t got = zip_fread(file.get(), block.data(), block.size());
            if (got < 0) return wrong(name, "is damaged; make the log again.");
            if (got == 0) return all;
            if (all.size() + static_cast<std::size_t>(got) > mostMemberBytes) return tooLarge(name);
            all.append(block.data(), static_cast<std::size_t>(got));
        }
    }

    /// The libzip of Debian 12 does not know zstd, so that its frames are unpacked here wherever they come from.
    Result<std::string> unpackZstd(const std::string& name, const std::string& raw) const
    {
        const std::unique_ptr<ZSTD_DStream, FreeStream> stream(ZSTD_createDStream());
        ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, static_cast<int>(largestWindow));
        ZSTD_inBuffer in{raw.data(), raw.size(), 0};
        std::string all;
        std::array<char, kBlock> block;
        std::size_t left = 1;
        while (in.pos < in.size || left != 0) {
            ZSTD_outBuffer out{block.data(), block.size(), 0};
            const std::size_t before = in.pos;
            left = ZSTD_decompressStream(stream.get(), &out, &in);
            if (ZSTD_isError(left) != 0) return wrong(name, "is damaged; make the log again.");
            if (all.size() + out.pos > mostMemberBytes) return tooLarge(name);
            all.append(block.data(), out.pos);
            if (in.pos == before && out.pos == 0) return wrong(name, "is cut off; make the log again.");
        }
        return all;
    }
};

Archive::Archive(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const std::filesystem::path& path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return badInput("The log " + visible(path.string()) + " cannot be read: " + error.message() + ".");
    if (size > mostArchiveBytes)
        return badInput("The log " + visible(path.string()) + " is larger than " +
                        std::to_string(mostArchiveBytes >> 30) + " GiB; split it.");
    auto state = std::make_unique<State>();
    state->path = path.string();
    int code = 0;
    state->zip.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (!state->zip)
        return badInput(
            "The log " + visible(path.string()) +
            " is no .eval archive, or it is cut off or damaged; give a file that Inspect or `gradus export` "
            "wrote.");
    const zip_int64_t count = zip_get_num_entries(state->zip.get(), 0);
    if (count < 0 || static_cast<std::size_t>(count) > mostMembers)
        return badInput("The log " + visible(path.string()) + " has more than " + std::to_string(mostMembers) +
                        " members; split it.");
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
        const char* name = zip_get_name(state->zip.get(), i, ZIP_FL_ENC_RAW);
        if (name == nullptr || leadsOut(name))
            return state->wrong(name == nullptr ? "?" : name, "has a name that leads out of the archive.");
        if (!state->numbers.contains(name)) state->names.emplace_back(name);
        state->numbers[name] = i;
    }
    return Archive(std::move(state));
}

const std::vector<std::string>& Archive::names() const
{
    return m_state->names;
}

bool Archive::has(const std::string& name) const
{
    return m_state->numbers.contains(name);
}

Result<std::string> Archive::read(const std::string& name) const
{
    const auto found = m_state->numbers.find(name);
    if (found == m_state->numbers.end()) return m_state->wrong(name, "is missing.");
    zip_stat_t status;
    if (zip_stat_index(m_state->zip.get(), found->second, 0, &status) != 0 ||
        (status.valid & ZIP_STAT_COMP_METHOD) == 0)
        return m_state->wrong(name, "is damaged; make the log again.");
    if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && status.encryption_method != ZIP_EM_NONE)
        return m_state->wrong(name, "is encrypted; write the log without a password.");
    if (status.comp_method != kZstd) return m_state->bytes(name, found->second, false);
    const auto raw = m_state->bytes(name, found->second, true);
    return raw ? m_state->unpackZstd(name, *raw) : raw;
}

Result<std::string> packed(const std::vector<std::pair<std::string, std::string>>& members, std::int64_t unixSeconds)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
    if (source == nullptr) return failed("The log could not be packed: no memory.");
    zip_source_keep(source); // read after the archive has been closed
    const auto given = [](zip_source_t* one) { zip_source_free(one); };
    const std::unique_ptr<zip_source_t, decltype(given)> kept(source, given);
    std::unique_ptr<zip_t, Discard> zip(zip_open_from_source(source, ZIP_TRUNCATE, &error));
    if (!zip) {
        zip_source_free(source);
        return failed("The log could not be packed: " + std::string(zip_error_strerror(&error)) + ".");
    }
    const auto wrong = [&] {
        return failed("The log could not be packed: " + std::string(zip_strerror(zip.get())) + ".");
    };
    for (const auto& [name, bytes] : members) {
        zip_source_t* member = zip_source_buffer(zip.get(), bytes.data(), bytes.size(), 0);
        const zip_int64_t index =
            member == nullptr ? -1 : zip_file_add(zip.get(), name.c_str(), member, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE);
        if (index < 0) {
            if (member != nullptr) zip_source_free(member);
            return wrong();
        }
        zip_file_set_mtime(zip.get(), static_cast<zip_uint64_t>(index), static_cast<time_t>(unixSeconds), 0);
    }
    if (zip_close(zip.get()) != 0) return wrong();
    (void)zip.release();
    if (zip_source_open(source) != 0) return failed("The packed log could not be read back.");
    std::string all;
    std::array<char, kBlock> block;
    zip_int64_t got = 0;
    while ((got = zip_source_read(source, block.data(), block.size())) > 0)
        all.append(block.data(), static_cast<std::size_t>(got));
    zip_source_close(source);
    return got < 0 ? Result<std::string>(failed("The packed log could not be read back.")) : Result<std::string>(all);
}

} // namespace gradus::inspect
