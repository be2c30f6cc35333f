// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"

#include "base/text.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

namespace gradus::fuzz {

namespace {

constexpr std::size_t kLongestSentence = 4096; ///< a path of the system's longest, and words around it
constexpr std::string_view kSeparator = "\n%%%%\n";

class Scratch
{
public:
    Scratch()
    {
        std::error_code failure;
        const bool inMemory = std::filesystem::is_directory("/dev/shm", failure);
        std::string form = inMemory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
        form += "/gradus-fuzz-XXXXXX";
        expect(mkdtemp(form.data()) != nullptr, "a folder for files can be made", form);
        folder = form;
    }
    ~Scratch()
    {
        std::error_code failure;
        std::filesystem::remove_all(folder, failure);
    }
    std::filesystem::path folder;
};

} // namespace

void expect(bool holds, const char* promise, std::string_view seen)
{
    if (holds) return;
    std::fprintf(stderr, "Broken promise: %s\n  with: %s\n", promise, visible(seen, 4000).c_str());
    std::abort();
}

void expectSentence(const Error& error)
{
    const std::string& message = error.message;
    expect(!message.empty(), "an error has a sentence");
    expect(message.size() <= kLongestSentence, "a sentence can be read at a glance", message);
    expect(visible(message, message.size() + 1) == message, "a sentence is one line of text that is seen", message);
    expect(error.line >= 0 && error.column >= 0, "a place is in the file", message);
}

void expectRefusal(const Error& error)
{
    expectSentence(error);
    expect(error.kind == ErrorKind::BadInput, "bad input is called that", error.message);
}

std::string_view textOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

std::vector<std::string_view> partsOf(std::string_view input, std::size_t parts)
{
    std::vector<std::string_view> found;
    while (found.size() + 1 < parts) {
        const std::size_t end = input.find(kSeparator);
        found.push_back(input.substr(0, end));
        input = end == std::string_view::npos ? std::string_view() : input.substr(end + kSeparator.size());
    }
    found.push_back(input);
    return found;
}

std::string patched(std::string sound, std::string_view changes)
{
    while (changes.size() >= 5 && !sound.empty()) {
        std::size_t place = 0;
        for (std::size_t i = 0; i < 3; ++i)
            place |= std::size_t{static_cast<unsigned char>(changes[i])} << (8 * i);
        place %= sound.size();
        const std::size_t wanted = static_cast<unsigned char>(changes[3]);
        const std::size_t length = std::min({wanted, changes.size() - 4, sound.size() - place});
        std::copy_n(changes.begin() + 4, length, sound.begin() + static_cast<std::ptrdiff_t>(place));
        changes.remove_prefix(std::min(changes.size(), 4 + std::max<std::size_t>(length, 1)));
    }
    return sound;
}

const std::filesystem::path& scratch()
{
    static const Scratch made;
    return made.folder;
}

std::filesystem::path written(const std::string& name, std::string_view bytes)
{
    const std::filesystem::path path = scratch() / name;
    for (const char* beside : {"-wal", "-shm", "-journal"}) { // of a database that stood there before
        std::error_code failure;
        std::filesystem::remove(path.string() + beside, failure);
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    expect(file.good(), "a file can be written", path.string());
    return path;
}

} // namespace gradus::fuzz
