"""评测问答（python -m faq.evaluate）：开发时才用，运行时不装。"""
