"""通往外面的门：只有这里碰外面的 HTTP；实现 bot.domain 声明的约定，只有 bot.app 引用。"""
