// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/tool_words.h"

#include "agent/tools.h"

namespace gradus::agent {

namespace {

std::string bashCall(const std::string& commandJson, CallFormat format)
{
    return writtenCalls({{.id = {}, .name = "bash", .argumentsJson = "{\"command\": " + commandJson + "}"}}, format);
}

std::string signatures()
{
    std::string text = "These are their signatures:\n<tools>";
    for (const chat::ChatTool& tool : cellTools())
        text += "\n{\"name\": \"" + tool.name + "\", \"description\": \"" + tool.description +
                "\", \"parameters\": " + tool.parametersJson + "}";
    return text + "\n</tools>\n\n";
}

constexpr const char* kOnlyCallsAct = "Nothing but a call does anything: a step that is described is not done. When "
                                      "the task is done, or if you will not do it, answer in words without a call.";

} // namespace

std::string wordsAboutTools(CallFormat format)
{
    std::string text = "# Tools\n\nYou work on a computer and act by calling tools. ";
    if (format == CallFormat::Fenced)
        return text +
               "A call is one fenced block in your reply, one a reply; what it gives comes back in the next "
               "message. A command line is run in bash:\n```bash\nls -l\n```\nA file is read:\n```read_file\n"
               "notes.txt\n```\nA file is written:\n```write_file notes.txt\nWhat it shall hold.\n```\n" +
               kOnlyCallsAct;
    return text + signatures() + "For a call, write this and nothing after it:\n" + rightCall(format) +
           "\nIts answer comes back in <tool_response> tags. " + kOnlyCallsAct;
}

std::vector<chat::ChatMessage> demonstration(CallFormat format)
{
    return {{.role = "user", .content = "First an example: how many lines has notes.txt?"},
            {.role = "assistant", .content = bashCall("\"wc -l notes.txt\"", format)},
            {.role = "user", .content = answerInWords(format, "12 notes.txt")},
            {.role = "assistant", .content = "notes.txt has 12 lines."}};
}

std::string answerInWords(CallFormat format, const std::string& text)
{
    if (format == CallFormat::Fenced) return "Output:\n" + text;
    return "<tool_response>\n" + text + "\n</tool_response>";
}

std::string rightCall(CallFormat format)
{
    return bashCall("\"ls -l\"", format);
}

std::string correction(CallFormat format, const std::string& fault)
{
    return "[error: " + fault + " A call that can be read:\n" + rightCall(format) + "\n]";
}

std::string reminder(CallFormat format)
{
    return "[That reply holds no call, so nothing was done. A call looks so:\n" + rightCall(format) +
           "\nIf there is nothing to do, or if you will not do it, say that, and the session ends.]";
}

} // namespace gradus::agent
